import { Link } from '@tanstack/react-router';
import { countOf } from '../../components/count_of';
import { EmptyState } from '../../components/EmptyState';
import { formatDue } from '../../components/format_moment';
import { Icon } from '../../components/Icon';
import { PageHead } from '../../components/PageHead';
import { SkeletonList } from '../../components/Skeleton';
import type { ClassSummary } from './class.queries';

/** A pupil's classes: who teaches them and what comes next. */
export function MyClassList({ summaries, now }: { summaries: ClassSummary[] | undefined; now: number }) {
  return (
    <main className="main" id="main">
      <PageHead title="Classes">The classes you are in, and who teaches them.</PageHead>
      {summaries === undefined ? (
        <SkeletonList label="Loading classes" />
      ) : summaries.length === 0 ? (
        <div className="card">
          <EmptyState level={2} title="You are in no class yet">
            As soon as your school adds you to one, it appears here by itself.
          </EmptyState>
        </div>
      ) : (
        <ul className="list card">
          {summaries.map((summary) => (
            <li className="opens" key={summary.row.classId}>
              <span className="mark green">
                <Icon name="users" />
              </span>
              <div className="grow">
                <Link className="who" to="/classes/$classId" params={summary.row}>
                  {summary.row.name}
                </Link>
                <p className="small soft">
                  {summary.teacherNames.join(', ') || summary.groupName}.{' '}
                  {summary.nextDue?.dueAt
                    ? `Next: ${summary.nextDue.title}, due ${formatDue(summary.nextDue.dueAt, now)}`
                    : `${countOf(summary.assignments, 'assignment')}`}
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </main>
  );
}
