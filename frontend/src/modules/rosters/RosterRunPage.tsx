import './rosters.css';
import type { RosterRun } from '@raptscallions/zod-schemas/roster.zod';
import { Link } from '@tanstack/react-router';
import { Icon } from '../../components/Icon';
import { NotLoaded } from '../../components/NotLoaded';
import { PageHead } from '../../components/PageHead';
import { SkeletonTable } from '../../components/Skeleton';
import { TimeAgo } from '../../components/TimeAgo';
import { DecisionCard } from './DecisionCard';
import { DifferenceTable } from './DifferenceTable';
import { ProblemTable } from './ProblemTable';
import { RunStages } from './RunStages';
import { SchoolTable } from './SchoolTable';
import { UndoButton } from './UndoButton';
import { useRosterRun } from './use_roster_run';

/** One run: how far it is, what it would do or did, and what to do about it. */
export function RosterRunPage({ rosterRunId }: { rosterRunId: RosterRun['rosterRunId'] }) {
  const { state, reload } = useRosterRun(rosterRunId);
  if (state.name !== 'loaded') {
    return (
      <main className="main" id="main">
        <PageHead above={<Link to="/rosters">Rosters</Link>} title="Roster run" />
        {state.name === 'loading' ? (
          <SkeletonTable label="The run is being fetched" />
        ) : (
          <NotLoaded onRetry={reload}>
            Either the server cannot be reached right now, or you do not look after this source.
          </NotLoaded>
        )}
      </main>
    );
  }
  const run = state.data;
  const { rosterSourceId, status, work, failure } = run;
  const compared = work === null && !['open', 'failed', 'undo'].includes(status);
  return (
    <main className="main" id="main">
      <PageHead
        above={
          <>
            <Link to="/rosters">Rosters</Link>{' '}
            <span className="muted">
              /{' '}
              <Link params={{ rosterSourceId }} to="/rosters/$rosterSourceId">
                Source
              </Link>
            </span>
          </>
        }
        actions={
          status === 'applied' && work === null && run.recordsKept ? (
            <UndoButton onAsked={reload} run={run} />
          ) : undefined
        }
        title={run.fileName ?? (status === 'undo' ? 'A run was taken back' : 'Roster run')}
      >
        Begun <TimeAgo ms={run.createdAt} />
        {run.requestedBy ? ` by ${run.requestedBy}` : ''}.
        {run.decidedBy ? ` Decided by ${run.decidedBy}.` : ''}
      </PageHead>
      <RunStages run={run} />
      {failure && (
        <div className="banner alert run-note" role="alert">
          <Icon name="warn" />
          <p>{failure}</p>
        </div>
      )}
      {compared && (status === 'held' || status === 'diffed') && <DecisionCard onAsked={reload} run={run} />}
      {compared && (
        <div className="sections run-tables">
          <DifferenceTable run={run} />
          {run.recordsKept ? (
            <SchoolTable rosterRunId={rosterRunId} />
          ) : (
            <p className="muted">The single records of this run are no longer kept.</p>
          )}
          {run.issues > 0 && <ProblemTable run={run} />}
        </div>
      )}
    </main>
  );
}
