import type { RosterRun } from '@raptscallions/zod-schemas/roster.zod';
import { useState } from 'react';
import { api } from '../../api/client';
import { readFailure } from '../../api/read_failure';
import { useAnswer } from '../../api/use_answer';
import { Button } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { countOf } from '../../components/count_of';
import { type Column, DataTable } from '../../components/DataTable';
import { SkeletonTable } from '../../components/Skeleton';
import { saveFile } from '../../components/save_file';
import { formatCount } from './describe_run';

type Problem = Awaited<ReturnType<typeof api.rosters.listIssues>>['items'][number];

/** The first problems of a run, and all of them as a file. They name places, never personal values. */
export function ProblemTable({ run }: { run: RosterRun }) {
  const { rosterRunId } = run;
  const { state } = useAnswer(() => api.rosters.listIssues({ rosterRunId, limit: 50 }), rosterRunId);
  const [refusal, setRefusal] = useState<string | null>(null);

  async function download() {
    try {
      const { csv } = await api.rosters.exportIssues({ rosterRunId });
      saveFile('roster_problems.csv', 'text/csv', csv);
    } catch (error) {
      setRefusal(readFailure(error));
    }
  }

  return (
    <section aria-labelledby="problems">
      <div className="sec-head wrap">
        <h2 id="problems">Problems</h2>
        {(run.counts.rejected ?? 0) > 0 && (
          <Chip icon="warn" tone="warm">
            {countOf(run.counts.rejected ?? 0, 'row', 'rows')} left out
          </Chip>
        )}
        <span className="end">
          <Button icon="download" onClick={() => void download()} small>
            All {formatCount(run.issues)} as CSV
          </Button>
        </span>
      </div>
      {refusal && <p className="small tone-alert">{refusal}</p>}
      {state.name === 'loading' && <SkeletonTable label="Problems are being fetched" />}
      {state.name === 'loaded' && (
        <DataTable
          columns={columns}
          label="Problems"
          rowKey={({ issueNumber }) => String(issueNumber)}
          rows={state.data.items}
        />
      )}
    </section>
  );
}

const columns: Column<Problem>[] = [
  {
    key: 'place',
    head: 'File, line',
    cell: ({ fileName, line }) => `${fileName.replace(/[.]csv$/, '')}${line === null ? '' : `, ${line}`}`,
  },
  { key: 'field', head: 'Field', wideOnly: true, cell: ({ field }) => field && <code>{field}</code> },
  { key: 'problem', head: 'What is wrong', cell: ({ sentence }) => sentence },
];
