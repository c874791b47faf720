import type { Db } from '../../../db/db';
import { enterTenant } from '../../../db/enter_tenant';
import { stored, storedId } from '../../../db/stored_id';
import { AiError } from '../../../lib/ai_gateway/ai_error';
import type { AiGateway, AiUsage } from '../../../lib/ai_gateway/ai_gateway';
import type { Logger } from '../../../lib/logger';
import type { ChunkWriter } from '../chunk_writer';
import type { StopListener } from '../stop_listener';
import { type ClaimedRun, leaseMs } from './claim_run.service';
import { finishRun, type RunEnd } from './finish_run.service';

export type RunTools = {
  db: Db;
  ai: AiGateway;
  provider: 'practice' | 'gateway';
  chunks: ChunkWriter;
  stops: StopListener;
  logger: Logger;
};

const heartbeatMs = 3_000;

/**
 * Lets the model answer a claimed run. No transaction is open meanwhile. It ends in one of four ways: the
 * answer, a part of it because a person stopped it, a failure with a sentence for the pupil and whatever part
 * came, or, when the worker is told to go, nothing: another one starts over.
 */
export async function performRun(tools: RunTools, claimed: ClaimedRun, shutdown: AbortSignal): Promise<void> {
  const { db, chunks, logger } = tools;
  const { tenantId, runId, attempt } = claimed;
  const stop = new AbortController();
  const forget = tools.stops.on(storedId(runId), () => stop.abort('stopped'));
  const beat = setInterval(() => {
    extendLease(db, claimed)
      .then((state) => {
        if (state === 'lost') stop.abort('lost');
        if (state === 'stop') stop.abort('stopped');
      })
      .catch((error: unknown) =>
        logger.warn({ err: error, runId }, 'the lease of a run could not be extended'),
      );
  }, heartbeatMs);

  const began = Date.now();
  let text = '';
  let seq = 0;
  let firstTextAt: number | null = null;
  let model: string | undefined;
  let usage: AiUsage | null = null;
  let failure: AiError | null = null;
  try {
    const signal = AbortSignal.any([shutdown, stop.signal]);
    for await (const event of tools.ai.stream({ model: claimed.model, messages: claimed.messages, signal })) {
      if (event.kind === 'text') {
        firstTextAt ??= Date.now();
        // PostgreSQL stores no NUL, and nobody misses it.
        const released = event.text.replaceAll('\0', '');
        text += released;
        chunks.add({ tenantId, runId, attempt, seq, text: released }, seq === 0);
        seq++;
      } else {
        model = event.model;
        usage = event.usage;
      }
    }
  } catch (error) {
    if (!(error instanceof AiError)) throw error;
    failure = error;
  } finally {
    clearInterval(beat);
    forget();
  }
  if (stop.signal.reason === 'lost') return;
  if (shutdown.aborted && failure) throw new Error('the worker is going; another one answers this');
  await chunks.flush();

  const meta = { provider: tools.provider, model, latencyMs: Date.now() - began, ...usage };
  const stoppedByPerson = stop.signal.reason === 'stopped' && failure !== null;
  const end: RunEnd = stoppedByPerson
    ? {
        status: 'cancelled',
        text,
        outcome: 'stopped',
        meta,
        errorCode: null,
        errorMessage: null,
        firstTextAt,
      }
    : failure
      ? {
          status: 'failed',
          text,
          outcome: 'interrupted',
          meta,
          errorCode: failure.code,
          errorMessage: failure.sentence,
          firstTextAt,
        }
      : {
          status: 'completed',
          text,
          outcome: 'complete',
          meta,
          errorCode: null,
          errorMessage: null,
          firstTextAt,
        };
  if (failure && !stoppedByPerson) logger.warn({ runId, attempt, code: failure.code }, 'a run failed');
  if (!(await finishRun(db, claimed, end)))
    logger.warn({ runId, attempt }, 'a run was taken over before it ended');
}

function extendLease(db: Db, { tenantId, runId, attempt }: ClaimedRun): Promise<'mine' | 'lost' | 'stop'> {
  return enterTenant(db, tenantId, async () => {
    const run = await db.runs.findByOptional(stored({ tenantId, runId })).forUpdate();
    if (!run || run.attempt !== attempt || run.status !== 'processing') return 'lost';
    if (run.cancelRequestedAt) return 'stop';
    await db.runs.where(stored({ tenantId, runId })).update({ leaseUntil: Date.now() + leaseMs });
    return 'mine';
  });
}
