import { Link } from '@tanstack/react-router';
import { useLiveQuery } from 'dexie-react-hooks';
import { formatDay, formatDue } from '../../components/format_moment';
import { SkeletonBar } from '../../components/Skeleton';
import { useNow } from '../../components/use_now';
import { useLocalDb } from '../../local_db/local_db_context';
import { type PupilWork, readPupilWork } from '../assignments/assignment.queries';
import { useMe } from '../auth/me_context';

function Job({ work, now }: { work: PupilWork; now: number }) {
  const { assignment, session } = work;
  const when =
    work.state === 'done' && session?.completedAt
      ? formatDay(session.completedAt, now)
      : assignment.dueAt
        ? `due ${formatDue(assignment.dueAt, now)}`
        : 'no due date';
  return (
    <Link
      className="job"
      to="/assignments/$assignmentId"
      params={{ assignmentId: assignment.assignmentId }}
      activeProps={{ 'aria-current': 'page' }}
    >
      <span>
        <b>{assignment.title}</b>
        <small>
          {work.className}, {when}
        </small>
      </span>
    </Link>
  );
}

/** The pupil's work in the side menu: what is to do by due date, then the last few finished things. */
export function WorkLinks() {
  const db = useLocalDb();
  const { userId } = useMe();
  const now = useNow();
  const work = useLiveQuery(() => readPupilWork(db, userId), [db, userId]);
  const open = work?.filter((entry) => entry.state !== 'done') ?? [];
  const done = work?.filter((entry) => entry.state === 'done').slice(0, 5) ?? [];
  return (
    <>
      <h2>To do</h2>
      {work === undefined && (
        <div className="nothing stack" aria-hidden="true">
          <SkeletonBar width="80%" />
          <SkeletonBar width="60%" />
        </div>
      )}
      {work && open.length === 0 && <p className="nothing">Nothing, for once.</p>}
      {open.map((entry) => (
        <Job key={entry.assignment.assignmentId} work={entry} now={now} />
      ))}
      {done.length > 0 && <h2>Finished</h2>}
      {done.map((entry) => (
        <Job key={entry.assignment.assignmentId} work={entry} now={now} />
      ))}
    </>
  );
}
