import { Link } from '@tanstack/react-router';
import { useLiveQuery } from 'dexie-react-hooks';
import { buttonClass } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { countOf } from '../../components/count_of';
import { EmptyState } from '../../components/EmptyState';
import { daysFromNow, formatDue, formatLongDay } from '../../components/format_moment';
import { PageHead } from '../../components/PageHead';
import { SkeletonList } from '../../components/Skeleton';
import { useNow } from '../../components/use_now';
import { useLocalDb } from '../../local_db/local_db_context';
import { useSyncStatus } from '../../sync/use_sync_status';
import { readPupilWork } from '../assignments/assignment.queries';
import { WorkRow } from '../assignments/WorkRow';
import { useMe } from '../auth/me_context';
import { greeting } from './greeting';
import { RecentChats } from './RecentChats';

/** A pupil's home: what is to do, soonest first, and the chats one can go back to. */
export function PupilHome() {
  const db = useLocalDb();
  const me = useMe();
  const now = useNow();
  const { firstLoad } = useSyncStatus();
  const work = useLiveQuery(() => readPupilWork(db, me.userId), [db, me.userId]);
  const open = work?.filter((entry) => entry.state !== 'done');
  const done = work?.filter((entry) => entry.state === 'done') ?? [];
  const next = open?.[0];
  const loading = open === undefined || (firstLoad && open.length === 0);
  return (
    <main className="main" id="main">
      <PageHead
        title={greeting(now, me.name)}
        actions={
          next && (
            <Link
              className={buttonClass('primary')}
              to="/assignments/$assignmentId"
              params={{ assignmentId: next.assignment.assignmentId }}
            >
              {next.state === 'new' ? 'Start' : 'Go on with'} “{shorten(next.assignment.title)}”
            </Link>
          )
        }
      >
        {formatLongDay(now)}. {open ? summary(open, now) : ''}
      </PageHead>
      <div className="two-col">
        <section aria-labelledby="to-do">
          <div className="sec-head">
            <h2 id="to-do">To do</h2>
            {open && open.length > 0 && <span className="muted small">soonest first</span>}
          </div>
          {loading ? (
            <SkeletonList label="Loading your work" />
          ) : open.length === 0 ? (
            <div className="card">
              <EmptyState mood="glad" title="All done. Suspicious, but nice.">
                When a teacher gives your class something, it appears here by itself.
              </EmptyState>
            </div>
          ) : (
            <ul className="list card todo stacks">
              {open.map((entry) => (
                <WorkRow key={entry.assignment.assignmentId} work={entry} now={now} />
              ))}
            </ul>
          )}
          {done.length > 0 && (
            <details className="finished">
              <summary>
                <b>Finished</b> <Chip>{done.length}</Chip>
              </summary>
              <ul className="list card todo stacks">
                {done.map((entry) => (
                  <WorkRow key={entry.assignment.assignmentId} work={entry} now={now} />
                ))}
              </ul>
            </details>
          )}
        </section>
        <RecentChats loading={firstLoad} />
      </div>
    </main>
  );
}

function shorten(title: string): string {
  return title.length > 28 ? `${title.slice(0, 27).trimEnd()}…` : title;
}

function summary(open: { assignment: { dueAt: number | null } }[], now: number): string {
  const late = open.filter(({ assignment }) => assignment.dueAt !== null && assignment.dueAt < now).length;
  if (late > 0) return `${countOf(late, 'thing')} past the due date.`;
  const due = open[0]?.assignment.dueAt;
  if (!due) return open.length > 0 ? 'Nothing has a due date.' : '';
  return daysFromNow(due, now) <= 7 ? `Next due ${formatDue(due, now)}.` : 'Nothing due this week.';
}
