import { mayMakeTools } from '@raptscallions/policies/ability';
import { Link } from '@tanstack/react-router';
import { useLiveQuery } from 'dexie-react-hooks';
import { useState } from 'react';
import { Button, buttonClass } from '../../components/Button';
import { countOf } from '../../components/count_of';
import { EmptyState } from '../../components/EmptyState';
import { formatLongDay } from '../../components/format_moment';
import { Icon } from '../../components/Icon';
import { PageHead } from '../../components/PageHead';
import { SkeletonList, SkeletonTable } from '../../components/Skeleton';
import { useNow } from '../../components/use_now';
import { useLocalDb } from '../../local_db/local_db_context';
import { useSyncStatus } from '../../sync/use_sync_status';
import type { AssignTarget } from '../assignments/AssignDialog';
import { AssignDialog } from '../assignments/AssignDialog';
import { useMe, useTaughtClassIds } from '../auth/me_context';
import { ClassTable } from '../classes/ClassTable';
import { readClassSummaries } from '../classes/class.queries';
import { greeting } from './greeting';
import { NeedRow } from './NeedRow';
import { readNeeds } from './need.queries';
import { RecentTools } from './RecentTools';

/** A teacher's home: who needs something, then tools and classes. */
export function TeacherHome() {
  const db = useLocalDb();
  const me = useMe();
  const now = useNow();
  const { firstLoad } = useSyncStatus();
  const taught = useTaughtClassIds();
  const taughtKey = taught.join();
  const [assigning, setAssigning] = useState<AssignTarget | null>(null);
  const needs = useLiveQuery(() => readNeeds(db, taught, now), [db, taughtKey, now]);
  const summaries = useLiveQuery(() => readClassSummaries(db, now), [db, now]);
  const own = summaries?.filter((summary) => taught.includes(summary.row.classId));
  const chatsToday = own?.reduce((sum, summary) => sum + (summary.sessionsByDay[4] ?? 0), 0) ?? 0;
  const others = (summaries?.length ?? 0) - (own?.length ?? 0);
  return (
    <main className="main" id="main">
      <PageHead
        title={greeting(now, me.name)}
        actions={
          <>
            {mayMakeTools(me.actor) && (
              <Link className={buttonClass()} to="/tools/new">
                <Icon name="plus" />
                New tool
              </Link>
            )}
            <Button look="primary" icon="task" onClick={() => setAssigning({})}>
              Assign a tool
            </Button>
          </>
        }
      >
        {formatLongDay(now)}.{' '}
        {own ? `${sentence(countOf(chatsToday, 'new chat'))} in your classes today.` : ''}
      </PageHead>
      <div className="home">
        <section aria-labelledby="needs" className="needs">
          <div className="sec-head">
            <h2 id="needs">Needs you</h2>
            {needs && needs.length > 0 && (
              <span className="muted small">{countOf(needs.length, 'thing')}, most pressing first</span>
            )}
          </div>
          {needs === undefined || (firstLoad && needs.length === 0) ? (
            <SkeletonList label="Loading what needs you" rows={4} />
          ) : needs.length === 0 ? (
            <div className="card">
              <EmptyState
                mood="glad"
                title="Nobody needs you"
                action={
                  <Link className={buttonClass()} to="/chats">
                    See all chats
                  </Link>
                }
              >
                Nobody stuck, nothing due, nothing unanswered. Suspicious, but nice.
              </EmptyState>
            </div>
          ) : (
            <ul className="list card">
              {needs.map((need) => (
                <NeedRow
                  key={need.key}
                  need={need}
                  now={now}
                  onAssign={(classId) => setAssigning({ classId })}
                />
              ))}
            </ul>
          )}
        </section>
        <RecentTools />
        <section aria-labelledby="classes" className="classes">
          <div className="sec-head">
            <h2 id="classes">Classes</h2>
            {others > 0 && <Link to="/classes">All {summaries?.length} in the school</Link>}
          </div>
          {own === undefined || (firstLoad && own.length === 0) ? (
            <SkeletonTable label="Loading classes" />
          ) : own.length === 0 ? (
            <div className="card">
              <EmptyState
                title="You teach no class yet"
                action={
                  others > 0 && (
                    <Link className={buttonClass()} to="/classes">
                      See the school’s classes
                    </Link>
                  )
                }
              >
                Your school’s IT adds you to a class; it then appears here by itself.
              </EmptyState>
            </div>
          ) : (
            <ClassTable
              summaries={own}
              now={now}
              onAssign={(classId) => setAssigning({ classId })}
              mayAssign={() => true}
              ownUserId={me.userId}
            />
          )}
        </section>
      </div>
      {assigning && <AssignDialog target={assigning} onClose={() => setAssigning(null)} />}
    </main>
  );
}

function sentence(words: string): string {
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}
