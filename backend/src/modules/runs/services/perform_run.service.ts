import type { Db } from '../../../db/db';
import { AiError } from '../../../lib/ai_gateway/ai_error';
import type { AiEvent, AiGateway } from '../../../lib/ai_gateway/ai_gateway';
import type { Logger } from '../../../lib/logger';
import type { Enqueue } from '../../../procedures/context';
import type { ChunkWriter } from '../chunk_writer';
import type { LeaseKeeper } from '../lease_keeper';
import type { RunPicker } from '../run_picker';
import { TextRelease } from '../text_release';
import { toMessages } from './assemble_prompt.service';
import type { ClaimedRun } from './claim_run.service';
import { finishRun, type RunEnd } from './finish_run.service';

export type RunTools = {
  db: Db;
  ai: AiGateway;
  provider: 'practice' | 'gateway';
  picker: RunPicker;
  leases: LeaseKeeper;
  chunks: ChunkWriter;
  enqueue: Enqueue;
  logger: Logger;
};

type Done = Extract<AiEvent, { kind: 'done' }>;

/**
 * Lets the model answer a claimed run. No transaction is open meanwhile. It ends in one of four ways: the
 * answer, a part of it because a person stopped it, a failure with a sentence for the pupil and whatever part
 * came, or, when the worker is told to go or has lost the run, nothing: another one starts over.
 */
export async function performRun(tools: RunTools, claimed: ClaimedRun, shutdown: AbortSignal): Promise<void> {
  const { runId, attempt } = claimed;
  const held = tools.leases.hold(claimed);
  const release = new TextRelease(tools.chunks, claimed);
  const began = Date.now();
  let done: Done | undefined;
  let failure: AiError | undefined;
  try {
    const signal = AbortSignal.any([shutdown, held.signal]);
    done = await callModel(tools.ai, claimed, release, signal);
  } catch (error) {
    if (!(error instanceof AiError)) throw error;
    failure = error;
  } finally {
    held.release();
  }
  if (held.signal.reason === 'lost') return;
  if (shutdown.aborted && failure) throw new Error('the worker is going; another one performs this');
  await release.end();

  const { text, firstTextAt } = release;
  const meta = {
    provider: tools.provider,
    model: done?.model,
    latencyMs: Date.now() - began,
    ...done?.usage,
  };
  const stopped = held.signal.reason === 'stopped';
  if (failure && !stopped) tools.logger.warn({ runId, attempt, code: failure.code }, 'a run failed');
  const ended = await finishRun(tools.db, claimed, {
    text,
    firstTextAt,
    meta,
    ...howItEnded(failure, stopped),
  });
  if (!ended) tools.logger.warn({ runId, attempt }, 'a run was taken over before it ended');
}

/** @throws AiError, and nothing else */
async function callModel(
  ai: AiGateway,
  { prompt }: ClaimedRun,
  release: TextRelease,
  signal: AbortSignal,
): Promise<Done | undefined> {
  for await (const event of ai.stream({ model: prompt.model, messages: toMessages(prompt), signal })) {
    if (event.kind === 'done') return event;
    release.push(event.text);
  }
  return undefined;
}

type Ending = Pick<RunEnd, 'status' | 'outcome' | 'errorCode' | 'errorMessage'>;

function howItEnded(failure: AiError | undefined, stopped: boolean): Ending {
  const noError = { errorCode: null, errorMessage: null };
  if (!failure) return { status: 'completed', outcome: 'complete', ...noError };
  if (stopped) return { status: 'cancelled', outcome: 'stopped', ...noError };
  return {
    status: 'failed',
    outcome: 'interrupted',
    errorCode: failure.code,
    errorMessage: failure.sentence,
  };
}
