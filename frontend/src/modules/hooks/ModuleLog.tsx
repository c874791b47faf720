import { type HookVerdict, type VerdictOutcome, verdictOutcome } from '@raptscallions/zod-schemas/hook.zod';
import { useState } from 'react';
import { api } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { Button } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { type Column, DataTable } from '../../components/DataTable';
import { EmptyState } from '../../components/EmptyState';
import { NotLoaded } from '../../components/NotLoaded';
import { SkeletonTable } from '../../components/Skeleton';
import { TimeAgo } from '../../components/TimeAgo';
import { outcomes } from './ModuleTrial';
import { OriginalsDialog } from './OriginalsDialog';

/** What the modules said in the groups one administers, the newest first. */
export function ModuleLog() {
  const [cursor, setCursor] = useState<string | null>(null);
  const [outcome, setOutcome] = useState<VerdictOutcome | undefined>();
  const [held, setHeld] = useState<HookVerdict | null>(null);
  const { state, reload } = useAnswer(
    () => api.hooks.listVerdicts(cursor === null ? { limit: 25, outcome } : { cursor }),
    `${outcome} ${cursor}`,
  );
  return (
    <section aria-labelledby="module-log" className="stack">
      <div className="row module-head">
        <h2 className="grow" id="module-log">
          Log
        </h2>
        <label className="sr" htmlFor="module-outcome">
          What was said
        </label>
        <select
          className="input"
          id="module-outcome"
          onChange={({ target }) => {
            setCursor(null);
            setOutcome(verdictOutcome.safeParse(target.value).data);
          }}
          value={outcome ?? ''}
        >
          <option value="">Everything</option>
          {verdictOutcome.options.map((each) => (
            <option key={each} value={each}>
              {outcomes[each].word}
            </option>
          ))}
        </select>
        <Button
          icon="refresh"
          onClick={() => {
            setCursor(null);
            void reload();
          }}
        >
          Newest
        </Button>
      </div>
      {state.name === 'loading' && <SkeletonTable label="The log is being fetched" />}
      {state.name === 'failed' && (
        <NotLoaded level={3} onRetry={() => void reload()}>
          The log is kept on the server, which cannot be reached right now.
        </NotLoaded>
      )}
      {state.name === 'loaded' && state.data.items.length === 0 && (
        <EmptyState level={3} title="Nothing yet">
          No module has read along in the groups you look after.
        </EmptyState>
      )}
      {state.name === 'loaded' && state.data.items.length > 0 && (
        <>
          <DataTable
            columns={columns(setHeld)}
            label="Log of the modules"
            rowKey={({ hookVerdictId }) => hookVerdictId}
            rows={state.data.items}
          />
          {state.data.cursor && <Button onClick={() => setCursor(state.data.cursor)}>Older ones</Button>}
        </>
      )}
      {held?.runId && <OriginalsDialog onClose={() => setHeld(null)} runId={held.runId} />}
    </section>
  );
}

/** A form has no place for what a module answers itself: the result that was there is held back by it. */
function heldBack({ outcome, hook }: HookVerdict): boolean {
  return outcome === 'blocked' || (outcome === 'answered' && hook.startsWith('product:'));
}

function columns(open: (verdict: HookVerdict) => void): Column<HookVerdict>[] {
  return [
    { key: 'module', head: 'Module', cell: ({ module }) => module },
    { key: 'hook', head: 'At', wideOnly: true, cell: ({ hook }) => hook },
    {
      key: 'outcome',
      head: 'Said',
      cell: ({ outcome, reason }) => (
        <>
          <Chip icon={outcomes[outcome].icon} tone={outcomes[outcome].tone}>
            {outcomes[outcome].word}
          </Chip>
          {reason && <span className="small muted"> {reason}</span>}
        </>
      ),
    },
    {
      key: 'person',
      head: 'Chat of',
      cell: ({ person, tool, className }) => (
        <>
          {person}
          <span className="small muted">
            {' '}
            {tool}, {className ?? 'trial'}
          </span>
        </>
      ),
    },
    {
      key: 'why',
      head: 'Why',
      wideOnly: true,
      cell: ({ audit, log }) => (
        <span className="small">
          {Object.entries(audit)
            .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
            .concat(log)
            .join('; ')}
        </span>
      ),
    },
    { key: 'ms', head: 'ms', number: true, wideOnly: true, cell: ({ ms }) => ms.toFixed(1) },
    { key: 'when', head: 'When', cell: ({ createdAt }) => <TimeAgo ms={createdAt} /> },
    {
      key: 'original',
      head: 'Original',
      cell: (verdict) =>
        verdict.runId &&
        heldBack(verdict) && (
          <Button icon="eye" look="quiet" onClick={() => open(verdict)} small>
            Open
          </Button>
        ),
    },
  ];
}
