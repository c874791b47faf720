import './runs.css';
import type { RunStatus } from '@raptscallions/zod-schemas/chat.zod';
import type { RunSummary } from '@raptscallions/zod-schemas/run.zod';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client';
import { usePages } from '../../api/use_pages';
import { Button, buttonClass } from '../../components/Button';
import { Chip, type Tone } from '../../components/Chip';
import type { Column } from '../../components/DataTable';
import type { IconName } from '../../components/Icon';
import { PagedTable } from '../../components/PagedTable';
import { PageHead } from '../../components/PageHead';
import { TimeAgo } from '../../components/TimeAgo';
import { OriginalsDialog } from '../hooks/OriginalsDialog';
import { PromptDialog } from './PromptDialog';

const states: Record<RunStatus, { word: string; icon: IconName; tone?: Tone }> = {
  pending: { word: 'Waiting', icon: 'clock', tone: 'wait' },
  processing: { word: 'Being written', icon: 'live', tone: 'green' },
  completed: { word: 'Answered', icon: 'check' },
  failed: { word: 'Failed', icon: 'warn', tone: 'alert' },
  cancelled: { word: 'Stopped', icon: 'stop' },
  blocked: { word: 'Held back', icon: 'lock', tone: 'warm' },
};

/** Every call to the AI in the groups one administers: who, what, how long, and what was sent. */
export function RunsPage() {
  const [status, setStatus] = useState<RunStatus | undefined>();
  const [inspected, setInspected] = useState<RunSummary | null>(null);
  const [held, setHeld] = useState<RunSummary | null>(null);
  const pages = usePages(api.runs.list, { status });
  return (
    <main className="main" id="main">
      <PageHead
        actions={
          <>
            <label className="sr" htmlFor="run-status">
              State
            </label>
            <select
              className="input"
              id="run-status"
              onChange={({ target }) => setStatus(readStatus(target.value))}
              value={status ?? ''}
            >
              <option value="">All states</option>
              {Object.entries(states).map(([value, { word }]) => (
                <option key={value} value={value}>
                  {word}
                </option>
              ))}
            </select>
            <Button icon="refresh" onClick={pages.reload}>
              Refresh
            </Button>
          </>
        }
        title="AI runs"
      >
        Each call to the AI, without what was written. Opening a prompt is recorded.
      </PageHead>
      <PagedTable
        empty={{
          title: 'No runs',
          words: (
            <>Nobody in the groups you look after has asked the AI {status ? 'with this outcome' : 'yet'}.</>
          ),
        }}
        fetching="The runs are being fetched"
        pages={pages}
        columns={columns(setInspected, setHeld)}
        label="AI runs"
        rowKey={({ runId }) => runId}
      />
      {inspected && <PromptDialog onClose={() => setInspected(null)} run={inspected} />}
      {held && <OriginalsDialog onClose={() => setHeld(null)} runId={held.runId} />}
    </main>
  );
}

function readStatus(value: string): RunStatus | undefined {
  return Object.keys(states).find((status): status is RunStatus => status === value);
}

function columns(
  inspect: (run: RunSummary) => void,
  openHeld: (run: RunSummary) => void,
): Column<RunSummary>[] {
  return [
    { key: 'person', head: 'Person', cell: ({ person }) => person },
    {
      key: 'tool',
      head: 'Tool',
      cell: ({ tool, className }) => (
        <>
          {tool}
          <span className="small muted block">{className ?? 'trial'}</span>
        </>
      ),
    },
    {
      key: 'state',
      head: 'State',
      cell: ({ status, errorCode }) => (
        <>
          <Chip icon={states[status].icon} tone={states[status].tone}>
            {states[status].word}
          </Chip>
          {errorCode && <span className="small muted"> {errorCode.replaceAll('_', ' ')}</span>}
        </>
      ),
    },
    { key: 'when', head: 'Asked', cell: ({ createdAt }) => <TimeAgo ms={createdAt} /> },
    { key: 'model', head: 'Model', wideOnly: true, cell: ({ model }) => model ?? '–' },
    {
      key: 'tokens',
      head: 'Tokens',
      number: true,
      wideOnly: true,
      cell: ({ promptTokens, completionTokens }) =>
        promptTokens === null && completionTokens === null
          ? '–'
          : `${promptTokens ?? 0} + ${completionTokens ?? 0}`,
    },
    {
      key: 'first',
      head: 'First word',
      number: true,
      wideOnly: true,
      cell: ({ createdAt, firstTextAt }) => (firstTextAt === null ? '–' : seconds(firstTextAt - createdAt)),
    },
    {
      key: 'took',
      head: 'In all',
      number: true,
      wideOnly: true,
      cell: ({ createdAt, finishedAt }) => (finishedAt === null ? '–' : seconds(finishedAt - createdAt)),
    },
    {
      key: 'open',
      head: 'Open',
      cell: (run) => (
        <span className="flex">
          <Button
            aria-label={`Open the prompt of the run by ${run.person}`}
            look="quiet"
            onClick={() => inspect(run)}
            small
          >
            Prompt
          </Button>
          {run.status === 'blocked' && (
            <Button
              aria-label={`Open what was held back of the run by ${run.person}`}
              icon="lock"
              look="quiet"
              onClick={() => openHeld(run)}
              small
            >
              Original
            </Button>
          )}
          {run.chatSessionId && (
            <Link
              aria-label={`Replay the chat of ${run.person}`}
              className={buttonClass('quiet', true)}
              params={{ chatSessionId: run.chatSessionId }}
              to="/chats/$chatSessionId/replay"
            >
              Replay
            </Link>
          )}
        </span>
      ),
    },
  ];
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
