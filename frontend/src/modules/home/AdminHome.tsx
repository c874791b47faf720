import { Link } from '@tanstack/react-router';
import { useLiveQuery } from 'dexie-react-hooks';
import type { CSSProperties } from 'react';
import { buttonClass } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { countOf } from '../../components/count_of';
import { DataTable } from '../../components/DataTable';
import { EmptyState } from '../../components/EmptyState';
import { formatLongDay } from '../../components/format_moment';
import { Icon } from '../../components/Icon';
import { PageHead } from '../../components/PageHead';
import { SkeletonTable } from '../../components/Skeleton';
import { useNow } from '../../components/use_now';
import { useLocalDb } from '../../local_db/local_db_context';
import { useSyncStatus } from '../../sync/use_sync_status';
import { useMe } from '../auth/me_context';
import { ClassTable } from '../classes/ClassTable';
import { readClassSummaries } from '../classes/class.queries';
import { type GroupLine, readGroupLines } from '../groups/group.queries';
import { kindNames } from '../groups/kind_names';
import { greeting } from './greeting';

/** An administrator's home: the groups they look after, with what is in them. */
export function AdminHome() {
  const db = useLocalDb();
  const me = useMe();
  const now = useNow();
  const { firstLoad } = useSyncStatus();
  const lines = useLiveQuery(() => readGroupLines(db), [db]);
  const classes = useLiveQuery(() => readClassSummaries(db, now), [db, now]);
  const loading = firstLoad && classes?.length === 0;
  const top = lines?.filter((line) => line.depth === 0) ?? [];
  const sum = (pick: (line: GroupLine) => number) => top.reduce((total, line) => total + pick(line), 0);
  return (
    <main className="main" id="main">
      <PageHead
        title={greeting(now, me.name)}
        actions={
          <Link className={buttonClass('primary')} to="/classes">
            <Icon name="users" />
            All classes
          </Link>
        }
      >
        {formatLongDay(now)}.{' '}
        {lines && !loading
          ? `${countOf(
              sum((line) => line.classes),
              'class',
              'classes',
            )}, ${countOf(
              sum((line) => line.teachers),
              'teacher',
            )}, ${countOf(
              sum((line) => line.pupils),
              'pupil',
            )}.`
          : ''}
      </PageHead>
      <div className="sections">
        <section aria-labelledby="groups">
          <div className="sec-head">
            <h2 id="groups">Schools and departments</h2>
          </div>
          {lines === undefined || (loading && lines.length === 0) ? (
            <SkeletonTable label="Loading schools" rows={3} />
          ) : lines.length === 0 ? (
            <div className="card">
              <EmptyState title="No school yet">
                Schools come with a roster import or from your system administrator.
              </EmptyState>
            </div>
          ) : (
            <DataTable
              label="Schools and departments"
              rows={lines}
              rowKey={(line) => line.groupId}
              columns={[
                {
                  key: 'name',
                  head: 'Group',
                  cell: (line) => (
                    <span className="tree" style={depthStyle(line.depth)}>
                      {line.depth > 0 && <span className="muted tree-line" aria-hidden="true" />}
                      {line.name}
                    </span>
                  ),
                },
                {
                  key: 'kind',
                  head: 'Kind',
                  wideOnly: true,
                  cell: (line) => <Chip>{kindNames[line.kind]}</Chip>,
                },
                {
                  key: 'classes',
                  head: 'Classes',
                  number: true,
                  cell: (line) => <Count of={line.classes} />,
                },
                {
                  key: 'teachers',
                  head: 'Teachers',
                  number: true,
                  wideOnly: true,
                  cell: (line) => <Count of={line.teachers} />,
                },
                { key: 'pupils', head: 'Pupils', number: true, cell: (line) => <Count of={line.pupils} /> },
              ]}
            />
          )}
        </section>
        <section aria-labelledby="classes">
          <div className="sec-head">
            <h2 id="classes">Classes</h2>
            {classes && classes.length > 8 && <Link to="/classes">All {classes.length}</Link>}
          </div>
          {classes === undefined || loading ? (
            <SkeletonTable label="Loading classes" />
          ) : classes.length === 0 ? (
            <div className="card">
              <EmptyState
                title="No class yet"
                action={
                  <Link className={buttonClass('primary')} to="/classes">
                    Make the first class
                  </Link>
                }
              >
                A class joins a teacher, pupils and the tools they use.
              </EmptyState>
            </div>
          ) : (
            <ClassTable summaries={classes.slice(0, 8)} now={now} />
          )}
        </section>
      </div>
    </main>
  );
}

function depthStyle(depth: number): CSSProperties {
  return { '--depth': depth } as CSSProperties;
}

function Count({ of }: { of: number }) {
  return <span className={of === 0 ? 'zero' : undefined}>{new Intl.NumberFormat().format(of)}</span>;
}
