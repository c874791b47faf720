import type { RosterRun } from '@raptscallions/zod-schemas/roster.zod';
import { api } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { type Column, DataTable } from '../../components/DataTable';
import { SkeletonTable } from '../../components/Skeleton';
import { formatCount, totalsOf } from './describe_run';

type Row = { school: string | null; key: string; added: number; changed: number; ended: number };

/** The same differences by school, the most first. */
export function SchoolTable({ rosterRunId }: { rosterRunId: RosterRun['rosterRunId'] }) {
  const ask = async () => {
    const { items } = await api.rosters.readSchools({ rosterRunId });
    return items.map(({ school, counts }, at) => ({ school, key: `${at}`, ...totalsOf(counts) }));
  };
  const { state } = useAnswer(ask, rosterRunId);
  if (state.name === 'failed' || (state.name === 'loaded' && state.data.length === 0)) return null;
  return (
    <section aria-labelledby="schools">
      <div className="sec-head">
        <h2 id="schools">By school</h2>
      </div>
      {state.name === 'loading' ? (
        <SkeletonTable label="Counts by school are being fetched" />
      ) : (
        <DataTable
          columns={columns}
          label="Differences by school"
          rowKey={({ key }) => key}
          rows={state.data}
        />
      )}
    </section>
  );
}

const columns: Column<Row>[] = [
  { key: 'school', head: 'School', cell: ({ school }) => school ?? 'No school' },
  { key: 'added', head: 'Added', number: true, cell: ({ added }) => formatCount(added) },
  { key: 'changed', head: 'Changed', number: true, cell: ({ changed }) => formatCount(changed) },
  { key: 'ended', head: 'Ended', number: true, cell: ({ ended }) => formatCount(ended) },
];
