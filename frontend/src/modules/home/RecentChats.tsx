import { Link } from '@tanstack/react-router';
import { useLiveQuery } from 'dexie-react-hooks';
import { EmptyState } from '../../components/EmptyState';
import { SkeletonList } from '../../components/Skeleton';
import { TimeAgo } from '../../components/TimeAgo';
import { useLocalDb } from '../../local_db/local_db_context';
import { useMe } from '../auth/me_context';
import { readRecentChats } from './home.queries';

/** The pupil's latest chats with the last thing said in each. */
export function RecentChats({ loading }: { loading: boolean }) {
  const db = useLocalDb();
  const { userId } = useMe();
  const chats = useLiveQuery(() => readRecentChats(db, userId, 5), [db, userId]);
  return (
    <section aria-labelledby="recent">
      <div className="sec-head">
        <h2 id="recent">Recent chats</h2>
      </div>
      {chats === undefined || (loading && chats.length === 0) ? (
        <SkeletonList label="Loading your chats" />
      ) : chats.length === 0 ? (
        <div className="card">
          <EmptyState title="Not a word yet">Your first chat will wait for you here.</EmptyState>
        </div>
      ) : (
        <ul className="list card">
          {chats.map(({ session, title, lastText, lastByPupil }) => (
            <li className="opens" key={session.chatSessionId}>
              <div className="grow">
                {session.assignmentId ? (
                  <Link
                    className="who"
                    to="/assignments/$assignmentId"
                    params={{ assignmentId: session.assignmentId }}
                  >
                    {title}
                  </Link>
                ) : (
                  <Link
                    className="who"
                    to="/try/$toolVersionId"
                    params={{ toolVersionId: session.toolVersionId }}
                  >
                    {title}
                  </Link>
                )}
                <p className="small soft two-lines">
                  {lastByPupil && 'You: '}
                  {lastText}
                </p>
              </div>
              <span className="small muted nowrap">
                <TimeAgo ms={session.lastMessageAt ?? session.createdAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
