import type { DecidingHook } from '@raptscallions/zod-schemas/hook.zod';
import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';
import { stored, storedId } from '../../../db/stored_id';
import type { Decision } from '../../hooks/hook_chain';
import type { HeldBack } from '../../hooks/services/keep_original.service';
import { chunkChannel, runKey } from '../channels';
import type { ClaimedRun } from './claim_run.service';
import { endRun } from './end_run.service';
import type { RunEnd } from './finish_run.service';
import type { RunTools } from './perform_run.service';

type Block = Extract<Decision, { kind: 'block' }>;
type Failure = Extract<Decision, { kind: 'fail' }>;
type Refusal = Block | Failure;
type Tools = Pick<RunTools, 'db' | 'enqueue' | 'logger'>;

/** What stands in the place of a text that a module held back. */
const blockedText = '[blocked]';
const questionBlocked = 'A filter of your school held this message back. Please write it in another way.';
const answerBlocked = 'A filter of your school held this answer back. Please ask in another way.';
const couldNotCheck =
  'A filter of your school could not check this, so it went no further. Your message is safe. Please try again in a moment.';

/**
 * Ends a run whose question was held back. It is stored as `[blocked]`, the original where administrators only
 * read it; where a module could not say, the question stays its author's alone and can be tried again.
 */
export async function withholdQuestion(
  tools: Tools,
  claimed: ClaimedRun,
  refusal: Refusal,
): Promise<boolean> {
  const { db } = tools;
  const { tenantId, messageId, prompt } = claimed;
  const nothingCame = { firstTextAt: null, meta: {} };
  if (refusal.kind === 'fail') {
    report(tools, claimed, refusal);
    return await endRun(tools, claimed, { ...nothingCame, ...unchecked, text: '' });
  }
  const { module, directResponse } = refusal;
  const refused =
    directResponse === null || (await claimed.hooks.refuses(asAnswer(claimed, directResponse), module));
  const end: RunEnd = {
    ...nothingCame,
    status: 'blocked',
    text: refused ? '' : directResponse,
    outcome: 'complete',
    errorCode: 'held_back',
    errorMessage: refusal.reason ?? questionBlocked,
    heldBack: heldBack('chat:before_ai', refusal, prompt.question),
  };
  return await endRun(tools, claimed, end, async () => {
    await db.messages
      .where(stored({ tenantId, messageId }))
      .update({ text: blockedText, outcome: 'blocked', shownToStaff: true });
  });
}

/** An answer that is there as a whole, as the modules after the AI are asked about it. */
export function asAnswer({ prompt }: ClaimedRun, text: string) {
  return { hook: 'chat:after_ai', text, soFar: prompt.begun ?? '', final: true } as const;
}

/** Ends a run whose answer was held back, also after a part of it was shown: that is taken from all screens. */
export async function withholdAnswer(
  tools: Tools,
  claimed: ClaimedRun,
  refusal: Refusal,
  came: Pick<RunEnd, 'text' | 'firstTextAt' | 'meta'> & { raw: string },
): Promise<boolean> {
  const { db } = tools;
  const { prompt } = claimed;
  const { text, raw, firstTextAt, meta } = came;
  if (refusal.kind === 'fail') {
    report(tools, claimed, refusal);
    return await endRun(tools, claimed, { ...unchecked, text, firstTextAt, meta });
  }
  const end: RunEnd = {
    status: 'blocked',
    // An answer that went on stays as far as it had passed before.
    text: prompt.begun === null ? blockedText : '',
    outcome: 'blocked',
    firstTextAt,
    meta,
    errorCode: 'held_back',
    errorMessage: refusal.reason ?? answerBlocked,
    heldBack: heldBack('chat:after_ai', refusal, raw),
  };
  return await endRun(tools, claimed, end, () => retractChunks(db, claimed));
}

const unchecked = {
  status: 'failed',
  outcome: 'interrupted',
  errorCode: 'not_checked',
  errorMessage: couldNotCheck,
} as const;

function report({ logger }: Tools, { runId, attempt }: ClaimedRun, { module, failure }: Failure): void {
  logger.warn({ runId, attempt, module, failure }, 'a module could not check a text');
}

function heldBack(hook: DecidingHook, { module, reason }: Block, original: string): HeldBack {
  return { hook, module, reason, original };
}

/**
 * Takes back what was shown of an answer: whoever comes now finds nothing, and whoever has it is told of a later
 * attempt without a word in it. Its number is below those of text, so that a real attempt loses none.
 */
async function retractChunks(db: Db, { tenantId, runId, attempt }: ClaimedRun): Promise<void> {
  await db.runChunks.where(stored({ tenantId, runId })).delete();
  await db.runChunks.create({ tenantId, runId, attempt: attempt + 1, seq: -1, text: '' });
  await runSql(db, 'select pg_notify($1, $2)', [chunkChannel, runKey(storedId(tenantId), storedId(runId))]);
}
