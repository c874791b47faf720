import type pg from 'pg';
import type { Db } from '../../../db/db';
import { AiError } from '../../../lib/ai_gateway/ai_error';
import type { AiGateway, AiUsage } from '../../../lib/ai_gateway/ai_gateway';
import { countTokens } from '../../../lib/ai_gateway/count_tokens';
import type { Logger } from '../../../lib/logger';
import type { Enqueue } from '../../../procedures/context';
import type { Decision } from '../../hooks/hook_chain';
import type { ModuleSupervisor } from '../../hooks/module_supervisor';
import type { ChunkWriter } from '../chunk_writer';
import type { HeldRun, LeaseKeeper } from '../lease_keeper';
import type { RunPicker } from '../run_picker';
import { type AnswerPart, SentenceGate } from '../sentence_gate';
import { TextRelease } from '../text_release';
import { type PromptLimits, toMessages } from './assemble_prompt.service';
import { callModel, type ModelAnswer } from './call_model.service';
import { checkQuestion } from './check_question.service';
import type { ClaimedRun } from './claim_run.service';
import { endRun } from './end_run.service';
import type { RunEnd } from './finish_run.service';
import { parkRun } from './park_run.service';
import { withholdAnswer } from './withhold_text.service';

export type RunTools = {
  db: Db;
  ai: AiGateway;
  provider: 'practice' | 'gateway';
  /** answers where neither tool nor group names one */
  defaultModel: string;
  limits: PromptLimits;
  picker: RunPicker;
  leases: LeaseKeeper;
  chunks: ChunkWriter;
  /** of the system role; its commits need not reach the disk */
  notePool: pg.Pool;
  modules: Pick<ModuleSupervisor, 'find' | 'call'>;
  enqueue: Enqueue;
  logger: Logger;
};

/** Until here the gateway client itself waits. */
const shortestParkMs = 30_000;

/**
 * Lets the model answer a claimed run. No transaction is open meanwhile. It ends in one of six ways: the
 * answer; a part of it because a person stopped it; nothing of it because a module held it back; a failure with a
 * sentence for the pupil and whatever part came; a wait for a gateway that is too busy; or, when the worker is told
 * to go or has lost the run, nothing: another one starts over.
 */
export async function performRun(tools: RunTools, claimed: ClaimedRun, shutdown: AbortSignal): Promise<void> {
  const held = tools.leases.hold(claimed);
  try {
    const checked = await checkQuestion(tools, claimed);
    if (checked) await answerQuestion(tools, checked, held, shutdown);
  } finally {
    held.release();
  }
}

async function answerQuestion(
  tools: RunTools,
  claimed: ClaimedRun,
  held: HeldRun,
  shutdown: AbortSignal,
): Promise<void> {
  const { runId, attempt, hooks } = claimed;
  const release = new TextRelease(tools.chunks, claimed);
  const refusal = new AbortController();
  let refused: Exclude<Decision, { kind: 'pass' }> | undefined;
  const gate = hooks.has('chat:after_ai') ? openGate(claimed, release, refuse) : undefined;
  function refuse(decision: Exclude<Decision, { kind: 'pass' }>): void {
    refused = decision;
    refusal.abort();
  }
  const began = Date.now();
  let answer: ModelAnswer | undefined;
  let failure: AiError | undefined;
  try {
    const signal = AbortSignal.any([shutdown, held.signal, refusal.signal]);
    answer = await callModel(tools, claimed, gate ?? release, signal);
    await gate?.end();
  } catch (error) {
    if (!(error instanceof AiError)) throw error;
    failure = error;
    await gate?.breakOff();
  } finally {
    // Before it may be parked: a beat would bring it back too soon.
    held.release();
  }
  if (held.signal.reason === 'lost') return;
  if (shutdown.aborted && failure && !refused)
    throw new Error('the worker is going; another one performs this');
  await release.end();

  const stopped = held.signal.reason === 'stopped' && failure !== undefined;
  if (failure && !stopped && !refused) {
    tools.logger.warn({ runId, attempt, code: failure.code, detail: failure.detail }, 'a run failed');
    const until = parkUntil(failure);
    if (until !== null && (await parkRun(tools, claimed, until))) return;
  }
  const { text, firstTextAt } = release;
  // What a module held back was paid for like the rest.
  const usage = answer?.usage ?? estimateUsage(tools, claimed, gate?.raw ?? text, failure);
  const meta = { provider: tools.provider, model: answer?.model, latencyMs: Date.now() - began, ...usage };
  const came = { text, firstTextAt, meta };
  const ended = refused
    ? await withholdAnswer(tools, claimed, refused, { ...came, raw: gate?.raw ?? '' })
    : await endRun(tools, claimed, { ...came, ...howItEnded(answer, failure, stopped) });
  if (!ended) tools.logger.warn({ runId, attempt }, 'a run was taken over before it ended');
}

/** Where modules read the answer, they do so sentence by sentence, before anybody else. */
function openGate(
  { hooks, prompt }: ClaimedRun,
  release: TextRelease,
  refuse: (decision: Exclude<Decision, { kind: 'pass' }>) => void,
): SentenceGate {
  const check = async (part: AnswerPart) => {
    const decision = await hooks.decide({ hook: 'chat:after_ai', ...part });
    if (decision.kind === 'pass') return decision.input.text;
    refuse(decision);
    return null;
  };
  return new SentenceGate(check, (text) => release.push(text), prompt.begun ?? '');
}

/** Until when a gateway asks to be left alone; null when it does not, or its client has waited for it. */
export function parkUntil({ code, partial, retryAfterMs }: AiError): number | null {
  if (code !== 'rate_limit' || partial || retryAfterMs === null) return null;
  return retryAfterMs > shortestParkMs ? Date.now() + retryAfterMs : null;
}

/** An answer that broke off was paid for, though nobody sends the count: then we count. */
function estimateUsage(
  { limits }: RunTools,
  { prompt }: ClaimedRun,
  text: string,
  failure: AiError | undefined,
): AiUsage | null {
  if (failure && text === '') return null;
  const messages = toMessages(prompt, limits);
  return {
    promptTokens: messages.reduce((sum, { content }) => sum + countTokens(content), 0),
    completionTokens: countTokens(text),
  };
}

type Ending = Pick<RunEnd, 'status' | 'outcome' | 'errorCode' | 'errorMessage'>;

function howItEnded(answer: ModelAnswer | undefined, failure: AiError | undefined, stopped: boolean): Ending {
  const noError = { errorCode: null, errorMessage: null };
  if (stopped) return { status: 'cancelled', outcome: 'stopped', ...noError };
  if (failure) {
    const { code: errorCode, sentence: errorMessage } = failure;
    return { status: 'failed', outcome: 'interrupted', errorCode, errorMessage };
  }
  const outcome = answer?.finishReason === 'length' ? 'cut' : 'complete';
  return { status: 'completed', outcome, ...noError };
}
