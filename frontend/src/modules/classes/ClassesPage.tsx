import { may } from '@raptscallions/policies/ability';
import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import { useLiveQuery } from 'dexie-react-hooks';
import { useState } from 'react';
import { Button } from '../../components/Button';
import { countOf } from '../../components/count_of';
import { EmptyState } from '../../components/EmptyState';
import { fold } from '../../components/fold';
import { PageHead } from '../../components/PageHead';
import { SearchBox } from '../../components/SearchBox';
import { SkeletonTable } from '../../components/Skeleton';
import { useNow } from '../../components/use_now';
import { useLocalDb } from '../../local_db/local_db_context';
import { useSyncStatus } from '../../sync/use_sync_status';
import { AssignDialog } from '../assignments/AssignDialog';
import { useMe, useTaughtClassIds } from '../auth/me_context';
import { ClassTable } from './ClassTable';
import { readClassSummaries } from './class.queries';
import { MyClassList } from './MyClassList';
import { NewClassDialog } from './NewClassDialog';

/** Every class the person may see: one's own first, then the others of the school. */
export function ClassesPage() {
  const db = useLocalDb();
  const me = useMe();
  const now = useNow();
  const taught = useTaughtClassIds();
  const { firstLoad } = useSyncStatus();
  const [search, setSearch] = useState('');
  const [making, setMaking] = useState(false);
  const [assignTo, setAssignTo] = useState<ClassId | null>(null);
  const summaries = useLiveQuery(() => readClassSummaries(db, now), [db, now]);
  const makesClasses = me.actor.adminGroupIds.some((groupId) =>
    may(me.ability, 'create', 'Class', { classId: 'class-', groupId }),
  );
  if (me.role === 'student') return <MyClassList summaries={summaries} now={now} />;

  const wanted = fold(search.trim());
  const found = summaries?.filter((summary) =>
    fold(
      [summary.row.name, summary.row.subject, summary.groupName, ...summary.teacherNames].join(' '),
    ).includes(wanted),
  );
  const own = found?.filter((summary) => taught.includes(summary.row.classId)) ?? [];
  const others = found?.filter((summary) => !taught.includes(summary.row.classId)) ?? [];
  const mayAssign = (summary: {
    row: { classId: ClassId; groupId: (typeof me.actor.adminGroupIds)[number] };
  }) =>
    may(me.ability, 'create', 'Assignment', { classId: summary.row.classId, groupId: summary.row.groupId });
  const loading = summaries === undefined || (firstLoad && summaries.length === 0);
  return (
    <main className="main" id="main">
      <PageHead
        title="Classes"
        actions={
          makesClasses && (
            <Button look="primary" icon="plus" onClick={() => setMaking(true)}>
              New class
            </Button>
          )
        }
      >
        {summaries ? `${countOf(summaries.length, 'class', 'classes')} on this device.` : 'Loading.'}
      </PageHead>
      {loading ? (
        <SkeletonTable label="Loading classes" rows={5} />
      ) : summaries.length === 0 ? (
        <div className="card">
          <EmptyState
            level={2}
            title="No class yet"
            action={
              makesClasses && (
                <Button look="primary" icon="plus" onClick={() => setMaking(true)}>
                  Make the first class
                </Button>
              )
            }
          >
            {makesClasses
              ? 'A class joins a teacher, pupils and the tools they use.'
              : 'Your school’s IT adds you to a class; it then appears here by itself.'}
          </EmptyState>
        </div>
      ) : (
        <div className="sections">
          {summaries.length > 6 && (
            <SearchBox label="Find a class or teacher" value={search} onChange={setSearch} />
          )}
          {own.length > 0 && (
            <section aria-labelledby="own">
              <div className="sec-head">
                <h2 id="own">Yours</h2>
              </div>
              <ClassTable
                summaries={own}
                now={now}
                onAssign={setAssignTo}
                mayAssign={mayAssign}
                ownUserId={me.userId}
              />
            </section>
          )}
          {others.length > 0 && (
            <section aria-labelledby="others">
              <div className="sec-head">
                <h2 id="others">{taught.length > 0 ? 'Others in the school' : 'All classes'}</h2>
              </div>
              <ClassTable summaries={others} now={now} onAssign={setAssignTo} mayAssign={mayAssign} />
            </section>
          )}
          {found?.length === 0 && (
            <div className="card">
              <EmptyState
                level={2}
                title={`No class matches “${search}”`}
                action={<Button onClick={() => setSearch('')}>Show all classes</Button>}
              />
            </div>
          )}
        </div>
      )}
      {making && <NewClassDialog onClose={() => setMaking(false)} />}
      {assignTo && <AssignDialog target={{ classId: assignTo }} onClose={() => setAssignTo(null)} />}
    </main>
  );
}
