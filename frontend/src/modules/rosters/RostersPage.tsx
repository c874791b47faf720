import type { RosterSource } from '@raptscallions/zod-schemas/roster.zod';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { Button } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { type Column, DataTable } from '../../components/DataTable';
import { EmptyState } from '../../components/EmptyState';
import { NotLoaded } from '../../components/NotLoaded';
import { PageHead } from '../../components/PageHead';
import { SkeletonTable } from '../../components/Skeleton';
import { TimeAgo } from '../../components/TimeAgo';
import { describeRun } from './describe_run';
import { NewSourceDialog } from './NewSourceDialog';

const ask = () => api.rosters.listSources({ limit: 100 });

/** The school systems that people, classes and memberships come from. */
export function RostersPage() {
  const { state, reload } = useAnswer(ask, 'sources');
  const [making, setMaking] = useState(false);
  const add = (
    <Button icon="plus" look="primary" onClick={() => setMaking(true)}>
      Add a source
    </Button>
  );
  return (
    <main className="main" id="main">
      <PageHead
        actions={state.name === 'loaded' && state.data.items.length > 0 ? add : undefined}
        title="Rosters"
      >
        School systems that bring people, classes and who is in them, in the OneRoster format.
      </PageHead>
      {state.name === 'loading' && <SkeletonTable label="The sources are being fetched" />}
      {state.name === 'failed' && (
        <NotLoaded onRetry={reload}>
          Rosters are kept on the server, which cannot be reached right now.
        </NotLoaded>
      )}
      {state.name === 'loaded' && state.data.items.length === 0 && (
        <div className="card">
          <EmptyState action={add} level={2} title="No source yet">
            Add your school system, then upload what it exports. You see what would change before anything
            does.
          </EmptyState>
        </div>
      )}
      {state.name === 'loaded' && state.data.items.length > 0 && (
        <DataTable
          columns={columns}
          label="Sources of rosters"
          rowKey={({ rosterSourceId }) => rosterSourceId}
          rows={state.data.items}
        />
      )}
      {making && <NewSourceDialog onClose={() => setMaking(false)} />}
    </main>
  );
}

const columns: Column<RosterSource>[] = [
  {
    key: 'name',
    head: 'Source',
    cell: ({ name, rosterSourceId }) => (
      <Link className="who" params={{ rosterSourceId }} to="/rosters/$rosterSourceId">
        {name}
      </Link>
    ),
  },
  {
    key: 'state',
    head: 'Last run',
    cell: ({ latestRun }) => {
      if (!latestRun) return <span className="muted">none yet</span>;
      const { word, icon, tone } = describeRun(latestRun);
      return (
        <Chip icon={icon} tone={tone}>
          {word}
        </Chip>
      );
    },
  },
  {
    key: 'when',
    head: 'When',
    wideOnly: true,
    cell: ({ latestRun }) => (latestRun ? <TimeAgo ms={latestRun.createdAt} /> : '–'),
  },
  {
    key: 'kind',
    head: 'How',
    wideOnly: true,
    cell: ({ kind, connection }) =>
      kind === 'csv' ? 'Files' : `Asked over the network, OneRoster ${connection?.version ?? ''}`,
  },
];
