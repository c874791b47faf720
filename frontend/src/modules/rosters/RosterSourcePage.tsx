import './rosters.css';
import type { RosterRun, RosterSource } from '@raptscallions/zod-schemas/roster.zod';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { usePages } from '../../api/use_pages';
import { Chip } from '../../components/Chip';
import type { Column } from '../../components/DataTable';
import { NotLoaded } from '../../components/NotLoaded';
import { PagedTable } from '../../components/PagedTable';
import { PageHead } from '../../components/PageHead';
import { SkeletonTable } from '../../components/Skeleton';
import { TimeAgo } from '../../components/TimeAgo';
import { ConnectionCard } from './ConnectionCard';
import { describeRun, describeTrigger, formatCount, totalsOf } from './describe_run';
import { SourceSettings } from './SourceSettings';
import { UploadCard } from './UploadCard';

/** One source: what it gets next, what came before, and its settings. */
export function RosterSourcePage({ rosterSourceId }: { rosterSourceId: RosterSource['rosterSourceId'] }) {
  const ask = async () => {
    const { items } = await api.rosters.listSources({ limit: 100 });
    return items.find((each) => each.rosterSourceId === rosterSourceId) ?? null;
  };
  const { state, reload } = useAnswer(ask, rosterSourceId);
  const runs = usePages(api.rosters.listRuns, { rosterSourceId });
  if (state.name === 'loading') {
    return (
      <main className="main" id="main">
        <PageHead title="Roster source" />
        <SkeletonTable label="The source is being fetched" />
      </main>
    );
  }
  if (state.name === 'failed' || !state.data) {
    return (
      <main className="main" id="main">
        <PageHead title="Roster source" />
        <NotLoaded onRetry={reload}>
          Either the server cannot be reached right now, or you do not look after this source.
        </NotLoaded>
      </main>
    );
  }
  const source = state.data;
  return (
    <main className="main" id="main">
      <PageHead above={<Link to="/rosters">Rosters</Link>} title={source.name}>
        {source.kind === 'csv' ? 'Brought by files.' : `Asked at ${source.connection?.baseUrl ?? ''}.`}
      </PageHead>
      <div className="sections">
        {source.kind === 'csv' ? (
          <UploadCard rosterSourceId={rosterSourceId} />
        ) : (
          <ConnectionCard key={JSON.stringify(source.connection)} onSaved={reload} source={source} />
        )}
        <section aria-labelledby="runs">
          <div className="sec-head">
            <h2 id="runs">Runs</h2>
          </div>
          <PagedTable
            columns={columns}
            empty={{
              title: 'Nothing has been read yet',
              words:
                source.kind === 'csv'
                  ? 'Upload a package. What it would change is shown before anything does.'
                  : 'Test the connection, then ask the school system. What it would change is shown before anything does.',
            }}
            fetching="The runs are being fetched"
            label="Runs of this source"
            pages={runs}
            rowKey={({ rosterRunId }) => rosterRunId}
          />
        </section>
        <SourceSettings key={JSON.stringify(source)} onSaved={reload} source={source} />
      </div>
    </main>
  );
}

const columns: Column<RosterRun>[] = [
  {
    key: 'run',
    head: 'Run',
    cell: ({ rosterRunId, rosterSourceId, fileName, status, scope }) => (
      <Link
        className="who"
        params={{ rosterSourceId, rosterRunId }}
        to="/rosters/$rosterSourceId/$rosterRunId"
      >
        {fileName ?? (status === 'undo' ? 'Undo' : scope === 'full' ? 'Everything' : 'What changed')}
      </Link>
    ),
  },
  {
    key: 'state',
    head: 'State',
    cell: (run) => {
      const { word, icon, tone } = describeRun(run);
      return (
        <Chip icon={icon} tone={tone}>
          {word}
        </Chip>
      );
    },
  },
  { key: 'when', head: 'When', cell: ({ createdAt }) => <TimeAgo ms={createdAt} /> },
  {
    key: 'rows',
    head: 'Rows',
    number: true,
    wideOnly: true,
    cell: ({ counts }) => formatCount(counts.rows ?? 0),
  },
  {
    key: 'changes',
    head: 'Added, changed, ended',
    number: true,
    wideOnly: true,
    cell: ({ counts }) => {
      const { added, changed, ended } = totalsOf(counts);
      return (
        <bdi>
          +{formatCount(added)} ~{formatCount(changed)} −{formatCount(ended)}
        </bdi>
      );
    },
  },
  {
    key: 'problems',
    head: 'Problems',
    number: true,
    wideOnly: true,
    cell: ({ issues }) => formatCount(issues),
  },
  {
    key: 'who',
    head: 'By',
    wideOnly: true,
    cell: ({ requestedBy, trigger }) => requestedBy ?? describeTrigger(trigger),
  },
];
