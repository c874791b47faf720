import { Link } from '@tanstack/react-router';
import { useLiveQuery } from 'dexie-react-hooks';
import { Avatar } from '../../components/Avatar';
import { Chip } from '../../components/Chip';
import { EmptyState } from '../../components/EmptyState';
import { PageHead } from '../../components/PageHead';
import { SkeletonList } from '../../components/Skeleton';
import { useNow } from '../../components/use_now';
import { useLocalDb } from '../../local_db/local_db_context';
import { readPupilWork } from '../assignments/assignment.queries';
import { WorkRow } from '../assignments/WorkRow';
import { useMe } from '../auth/me_context';
import type { ClassDetail } from './class.queries';

/** A class as one of its pupils sees it: the work, and who else is there. */
export function PupilClassPage({ detail }: { detail: ClassDetail }) {
  const db = useLocalDb();
  const { userId } = useMe();
  const now = useNow();
  const all = useLiveQuery(() => readPupilWork(db, userId), [db, userId]);
  const work = all?.filter((entry) => entry.assignment.classId === detail.row.classId);
  return (
    <main className="main" id="main">
      <PageHead
        title={detail.row.name}
        above={
          <>
            <Link to="/classes">Classes</Link> <span className="muted">/ {detail.groupName}</span>
          </>
        }
      >
        {detail.row.subject}
      </PageHead>
      <div className="two-col">
        <section aria-labelledby="work">
          <div className="sec-head">
            <h2 id="work">Work</h2>
          </div>
          {work === undefined ? (
            <SkeletonList label="Loading your work" />
          ) : work.length === 0 ? (
            <div className="card">
              <EmptyState mood="glad" title="Nothing to do here">
                When your teacher gives this class something, it appears by itself.
              </EmptyState>
            </div>
          ) : (
            <ul className="list card todo stacks">
              {work.map((entry) => (
                <WorkRow key={entry.assignment.assignmentId} work={entry} now={now} />
              ))}
            </ul>
          )}
        </section>
        <section aria-labelledby="people">
          <div className="sec-head">
            <h2 id="people">People</h2>
          </div>
          <ul className="list card">
            {[...detail.teachers, ...detail.pupils].map(({ member, user }) => (
              <li key={member.classMemberId}>
                <Avatar name={user.name} me={user.userId === userId} />
                <span className="grow">{user.name}</span>
                {member.role === 'teacher' && <Chip>Teacher</Chip>}
                {user.userId === userId && <Chip tone="green">You</Chip>}
              </li>
            ))}
          </ul>
        </section>
      </div>
    </main>
  );
}
