import { chooseModel } from '@raptscallions/policies/choose_model';
import { describeLimit } from '../../usage/describe_limit';
import { reserveUsage } from '../../usage/services/reserve_usage.service';
import { reportLimitMet, settleLostAttempts } from '../../usage/services/settle_usage.service';
import { type Prompt, type PromptLimits, toMessages } from './assemble_prompt.service';
import type { ClaimedProduct, ClaimedRun } from './claim_run.service';
import { tellOfEnd } from './end_run.service';
import { findTurn } from './find_turn.service';
import { finishRun } from './finish_run.service';
import { parkRun } from './park_run.service';
import type { RunTools } from './perform_run.service';

/** Kept for an answer where nothing says how long one may be. */
const usualAnswerTokens = 2_000;
/** What surrounds each message on its way. */
const tokensOfFrame = 8;
/** No tokenizer we know makes more of a text, be it English or Chinese. */
const bytesOfToken = 3;

export type AdmitTools = Pick<
  RunTools,
  'db' | 'provider' | 'defaultModel' | 'limits' | 'modules' | 'enqueue'
>;

/**
 * The last step of a claim: the model, which the groups of the run must allow, and what the call may cost, which
 * is reserved. A run that comes too early for a limit by the minute waits for its turn. Under a limit an answer
 * gets no longer than was reserved for it.
 * @param modelLists what the groups of the run allow, see `planChat`
 * @returns undefined when the run waits, or has ended here, with a sentence that says why
 */
export async function admitRun<Claimed extends ClaimedRun | ClaimedProduct>(
  tools: AdmitTools,
  claimed: Claimed,
  modelLists: string[][],
): Promise<Claimed | undefined> {
  const { db, provider, limits } = tools;
  const { tenantId, runId, attempt, prompt } = claimed;
  if (attempt > 1) await settleLostAttempts(db, claimed);
  // The practice model stands for whatever is asked for, and goes nowhere.
  const model =
    provider === 'practice' && prompt.model === undefined
      ? tools.defaultModel
      : chooseModel(prompt.model, tools.defaultModel, modelLists);
  if (model === null) {
    await refuse(tools, claimed, modelRefused);
    return undefined;
  }
  const admitted = { ...claimed, prompt: { ...prompt, model } };
  const answerTokens = answerTokensOf(limits);
  const promptTokens = mostTokensOf(admitted.prompt, limits);
  // A result that does not fit goes back once, with the answer in the prompt.
  const most =
    'product' in claimed
      ? { promptTokens: 2 * promptTokens + answerTokens, completionTokens: 2 * answerTokens }
      : { promptTokens, completionTokens: answerTokens };
  const reservation = { tenantId, runId, attempt, provider, model, ...most };
  const reserved = await reserveUsage(db, reservation);
  if (reserved.met) {
    const { met } = reserved;
    // A minute is over sooner than anybody has written the message again.
    const opensAt = met.period === 'minute' ? await findTurn(db, claimed, met) : met.opensAt;
    if (met.period === 'minute' && (await parkRun(tools, claimed, opensAt))) return undefined;
    await reportLimitMet(db, tenantId, met);
    const errorMessage = describeLimit({ ...met, opensAt }, Date.now());
    await refuse(tools, claimed, { errorCode: 'limit_met', errorMessage });
    return undefined;
  }
  return { ...admitted, answerTokens: reserved.limited ? answerTokens : limits.answerTokens };
}

/** Ends a run before the AI was asked, and tells the modules that want to know of ends. */
async function refuse(
  tools: AdmitTools,
  claimed: ClaimedRun | ClaimedProduct,
  why: { errorCode: string; errorMessage: string },
): Promise<void> {
  await finishRun(tools.db, claimed, { ...refused, ...why }, () => tellOfEnd(tools, claimed));
}

function answerTokensOf({ answerTokens, contextTokens }: PromptLimits): number {
  return answerTokens ?? (contextTokens === undefined ? usualAnswerTokens : Math.floor(contextTokens / 4));
}

function mostTokensOf(prompt: Prompt, limits: PromptLimits): number {
  return toMessages(prompt, limits).reduce(
    (sum, { content }) => sum + tokensOfFrame + Math.ceil(Buffer.byteLength(content) / bytesOfToken),
    0,
  );
}

const refused = {
  text: '',
  meta: {},
  firstTextAt: null,
  status: 'failed',
  outcome: 'interrupted',
} as const;
const modelRefused = {
  errorCode: 'model_not_allowed',
  errorMessage:
    'The AI model this tool asks for is not one your school allows. Please tell your teacher, who can choose another one.',
} as const;
