import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { Link } from '@tanstack/react-router';
import { Button } from '../../components/Button';
import { countOf } from '../../components/count_of';
import { DataTable } from '../../components/DataTable';
import { daysFromNow, formatDue } from '../../components/format_moment';
import { Sparkline } from '../../components/Sparkline';
import { TimeAgo } from '../../components/TimeAgo';
import type { ClassSummary } from './class.queries';

/** Classes side by side. Without `onAssign` nothing can be given from here. */
export function ClassTable({
  summaries,
  now,
  onAssign,
  mayAssign = () => false,
  ownUserId,
}: {
  summaries: readonly ClassSummary[];
  now: number;
  onAssign?: (classId: ClassId) => void;
  mayAssign?: (summary: ClassSummary) => boolean;
  /** the person whose classes these are: of the teachers only the others are named */
  ownUserId?: UserId;
}) {
  const severalGroups = new Set(summaries.map((summary) => summary.groupName)).size > 1;
  const assigns = onAssign !== undefined && summaries.some(mayAssign);
  return (
    <DataTable
      label="Classes"
      rows={summaries}
      rowKey={(summary) => summary.row.classId}
      columns={[
        {
          key: 'class',
          head: 'Class',
          cell: (summary) => (
            <>
              <Link className="who" to="/classes/$classId" params={summary.row}>
                {summary.row.name}
              </Link>
              <p className="small muted">
                {countOf(summary.pupils, 'pupil')}
                {ownUserId && colleagues(summary, ownUserId)}
                {severalGroups && `, ${summary.groupName}`}
              </p>
            </>
          ),
        },
        ...(ownUserId
          ? []
          : [
              {
                key: 'teachers',
                head: 'Teachers',
                wideOnly: true,
                cell: (summary: ClassSummary) =>
                  summary.teacherNames.length > 0 ? (
                    <span className="soft">{summary.teacherNames.join(', ')}</span>
                  ) : (
                    <span className="muted">Nobody yet</span>
                  ),
              },
            ]),
        // only a class's own teachers are sent its chats, so for anybody else the bars would lie
        ...(ownUserId
          ? [
              {
                key: 'chats',
                head: 'Chats, last 5 days',
                wideOnly: true,
                cell: (summary: ClassSummary) => (
                  <div className="row">
                    <Sparkline
                      values={summary.sessionsByDay}
                      label={`${summary.sessionsByDay.join(', ')} chats on the last five days`}
                    />
                    {summary.lastActivityAt !== null && (
                      <span className="small muted nowrap">
                        <TimeAgo ms={summary.lastActivityAt} />
                      </span>
                    )}
                  </div>
                ),
              },
            ]
          : []),
        {
          key: 'due',
          head: 'Next due',
          cell: (summary) =>
            summary.nextDue?.dueAt ? (
              <>
                {summary.nextDue.title}
                <p
                  className={`small ${daysFromNow(summary.nextDue.dueAt, now) === 0 ? 'tone-warm' : 'muted'}`}
                >
                  {formatDue(summary.nextDue.dueAt, now)}
                </p>
              </>
            ) : (
              <span className="muted">{summary.assignments > 0 ? 'Nothing soon' : 'Nothing set'}</span>
            ),
        },
        ...(assigns
          ? [
              {
                key: 'assign',
                head: <span className="sr">Actions</span>,
                number: true,
                wideOnly: true,
                cell: (summary: ClassSummary) =>
                  mayAssign(summary) && (
                    <Button
                      small
                      aria-label={`Assign a tool to ${summary.row.name}`}
                      onClick={() => onAssign(summary.row.classId)}
                    >
                      Assign
                    </Button>
                  ),
              },
            ]
          : []),
      ]}
    />
  );
}

function colleagues({ teacherIds, teacherNames }: ClassSummary, ownUserId: UserId): string {
  const others = teacherNames.filter((_, at) => teacherIds[at] !== ownUserId);
  return others.length > 0 ? `, with ${others.join(' and ')}` : '';
}
