import { withEventMeta } from '@orpc/server';
import { abilityFor, may } from '@raptscallions/policies/ability';
import type { RunChunkZod, RunWatchInputZod } from '@raptscallions/zod-schemas/run.zod';
import type { z } from 'zod';
import { enterTenant } from '../../../db/enter_tenant';
import { stored, storedId } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { App, SignedIn } from '../../../procedures/context';
import { loadActor } from '../../users/services/load_actor.service';

type RunChunk = z.output<typeof RunChunkZod>;

/** The end of a run is a row, which nobody announces here: it is looked at this often. */
const lookMs = 250;

/**
 * The released text of a run, first what is there and then what comes, until the run has ended. Each chunk has an
 * id; whoever lost the line gives the last one it has seen, and gets what comes after it.
 * @throws AppError NOT_FOUND for a run the person may not read, also when the right is lost on the way
 */
export async function* watchRun(
  app: App,
  { tenantId, userId }: SignedIn,
  { runId }: z.output<typeof RunWatchInputZod>,
  lastEventId: string | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<RunChunk, void, undefined> {
  const watcher = {};
  const arrived: RunChunk[] = [];
  let seen = readEventId(lastEventId);
  let wake = () => {};

  /** what stands in the table after `seen`, once the run has ended; null while it is under way */
  const readEnd = () =>
    enterTenant(app.db, tenantId, async () => {
      const actor = await loadActor(app.db, tenantId, userId);
      const run = await app.db.runs.findByOptional(stored({ tenantId, runId }));
      if (!run || !may(abilityFor(actor), 'read', 'Run', { ...run, hidden: false })) {
        throw new AppError('NOT_FOUND', 'This answer does not exist, or it is not yours to read.');
      }
      if (run.status === 'pending' || run.status === 'processing') return null;
      return await app.db.runChunks
        .where({ ...stored({ tenantId, runId }), attempt: run.attempt })
        .order({ seq: 'ASC' })
        .select('attempt', 'seq', 'text');
    });

  const isNew = ({ attempt, seq }: Pick<RunChunk, 'attempt' | 'seq'>) =>
    attempt > seen.attempt || (attempt === seen.attempt && seq > seen.seq);
  const mark = ({ attempt, seq, text }: Omit<RunChunk, '__type'>) => {
    seen = { attempt, seq };
    return withEventMeta({ __type: 'RunChunk' as const, attempt, seq, text }, { id: `${attempt}.${seq}` });
  };

  let end = await readEnd();
  if (end === null) {
    app.chunks.watch(watcher, storedId(tenantId), storedId(runId), ({ attempt, seq, text }) => {
      arrived.push({ __type: 'RunChunk', attempt, seq, text });
      wake();
    });
  }
  try {
    while (end === null && !signal?.aborted) {
      for (const chunk of arrived.splice(0)) if (isNew(chunk)) yield mark(chunk);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, lookMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (arrived.length > 0) wake();
      });
      if (arrived.length === 0) end = await readEnd();
    }
    for (const chunk of end ?? []) if (isNew(chunk)) yield mark(chunk);
  } finally {
    app.chunks.forget(watcher);
  }
}

function readEventId(id: string | undefined): { attempt: number; seq: number } {
  const [, attempt, seq] = /^(\d{1,9})\.(\d{1,9})$/.exec(id ?? '') ?? [];
  return { attempt: Number(attempt ?? 0), seq: Number(seq ?? -1) };
}
