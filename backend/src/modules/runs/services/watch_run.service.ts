import { withEventMeta } from '@orpc/server';
import type { RunChunkZod, RunWatchInputZod } from '@raptscallions/zod-schemas/run.zod';
import type { z } from 'zod';
import { enterTenant } from '../../../db/enter_tenant';
import { stored, storedId } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { App, SignedIn } from '../../../procedures/context';
import type { RunState } from './look_at_runs.service';

type RunChunk = z.output<typeof RunChunkZod>;

/**
 * The released text of a run, first what is there and then what comes, until the run has ended. Each chunk has an
 * id; whoever lost the line gives the last one it has seen, and gets what comes after it.
 * @throws AppError NOT_FOUND for a run the person may not read, also when the right is lost on the way; UNAUTHORIZED
 * when their sign-in ends; RATE_LIMIT_EXCEEDED for whoever watches too many
 */
export async function* watchRun(
  app: App,
  { tenantId, userId, authSessionId }: SignedIn,
  { runId }: z.output<typeof RunWatchInputZod>,
  lastEventId: string | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<RunChunk, void, undefined> {
  const watcher = {};
  const arrived: RunChunk[] = [];
  let state: RunState | undefined;
  let failure: { error: unknown } | undefined;
  let seen = readEventId(lastEventId);
  let news = false;
  let wake = () => {};
  const notice = () => {
    news = true;
    wake();
  };

  const isNew = ({ attempt, seq }: Pick<RunChunk, 'attempt' | 'seq'>) =>
    attempt > seen.attempt || (attempt === seen.attempt && seq > seen.seq);
  const mark = ({ attempt, seq, text }: Omit<RunChunk, '__type'>) => {
    seen = { attempt, seq };
    return withEventMeta({ __type: 'RunChunk' as const, attempt, seq, text }, { id: `${attempt}.${seq}` });
  };

  const stop = app.runLooks.watch(
    { tenantId, userId, authSessionId, runId },
    (now) => {
      const first = state === undefined;
      state = now;
      if (first || now !== 'open') notice();
    },
    (error) => {
      failure = { error };
      notice();
    },
  );
  signal?.addEventListener('abort', notice);
  try {
    let listens = false;
    while (!signal?.aborted) {
      if (failure) throw failure.error;
      if (state === 'signed_out') throw new AppError('UNAUTHORIZED');
      if (state === 'hidden')
        throw new AppError('NOT_FOUND', 'This answer does not exist, or it is not yours to read.');
      if (typeof state === 'object') break;
      if (state === 'open' && !listens) {
        listens = true;
        app.chunks.watch(watcher, storedId(tenantId), storedId(runId), ({ attempt, seq, text }) => {
          arrived.push({ __type: 'RunChunk', attempt, seq, text });
          notice();
        });
      }
      for (const chunk of arrived.splice(0)) if (isNew(chunk)) yield mark(chunk);
      // What came while a chunk was handed over has waited for nobody.
      if (!news) await new Promise<void>((resolve) => (wake = resolve));
      news = false;
    }
    if (typeof state !== 'object') return;
    const attempt = state.endedAttempt;
    const whole = await enterTenant(
      app.db,
      tenantId,
      () =>
        app.db.runChunks
          .where({ ...stored({ tenantId, runId }), attempt })
          .order({ seq: 'ASC' })
          .select('attempt', 'seq', 'text'),
      { statementMs: app.config.DATABASE_STATEMENT_TIMEOUT_MS },
    );
    for (const chunk of whole) if (isNew(chunk)) yield mark(chunk);
  } finally {
    signal?.removeEventListener('abort', notice);
    app.chunks.forget(watcher);
    stop();
  }
}

function readEventId(id: string | undefined): { attempt: number; seq: number } {
  const [, attempt, seq] = /^(\d{1,9})\.(\d{1,9})$/.exec(id ?? '') ?? [];
  return { attempt: Number(attempt ?? 0), seq: Number(seq ?? -1) };
}
