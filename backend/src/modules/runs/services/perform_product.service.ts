import { AiError } from '../../../lib/ai_gateway/ai_error';
import type { AiUsage } from '../../../lib/ai_gateway/ai_gateway';
import type { HeldRun } from '../lease_keeper';
import { callProduct, type ProductAnswer } from './call_product.service';
import { checkInput, checkResult, endProduct } from './check_product.service';
import type { ClaimedProduct } from './claim_run.service';
import type { RunEnd } from './finish_run.service';
import { parkRun } from './park_run.service';
import { parkUntil, type RunTools } from './perform_run.service';

/** As long as the column of a run. */
const longestReason = 300;

/**
 * Lets the model fill in a result for a claimed product run; it ends in the same ways as a chat's, but there is
 * never a part of a result.
 */
export async function performProduct(
  tools: RunTools,
  claimed: ClaimedProduct,
  shutdown: AbortSignal,
): Promise<void> {
  const held = tools.leases.hold(claimed);
  try {
    const checked = await checkInput(tools, claimed);
    if (checked) await fillInResult(tools, checked, held, shutdown);
  } finally {
    held.release();
  }
}

async function fillInResult(
  tools: RunTools,
  claimed: ClaimedProduct,
  held: HeldRun,
  shutdown: AbortSignal,
): Promise<void> {
  const { runId, attempt } = claimed;
  const began = Date.now();
  const usage: AiUsage = { promptTokens: 0, completionTokens: 0 };
  const spend = ({ promptTokens, completionTokens }: AiUsage) => {
    usage.promptTokens += promptTokens;
    usage.completionTokens += completionTokens;
  };
  let answer: ProductAnswer | undefined;
  let failure: AiError | undefined;
  try {
    answer = await callProduct(tools, claimed, AbortSignal.any([shutdown, held.signal]), spend);
  } catch (error) {
    if (!(error instanceof AiError)) throw error;
    failure = error;
  }
  if (held.signal.reason === 'lost') return;
  if (shutdown.aborted && failure) throw new Error('the worker is going; another one performs this');
  const stopped = held.signal.reason === 'stopped' && failure !== undefined;
  if (failure && !stopped) {
    tools.logger.warn({ runId, attempt, code: failure.code, detail: failure.detail }, 'a run failed');
    // What a first call has cost would be forgotten with its reservation.
    const until = usage.completionTokens === 0 ? parkUntil(failure) : null;
    // A beat would bring a parked run back too soon.
    if (until !== null) held.release();
    if (until !== null && (await parkRun(tools, claimed, until))) return;
  }
  const meta = { provider: tools.provider, model: answer?.model, latencyMs: Date.now() - began, ...usage };
  const ending = howItEnded(answer, failure, stopped);
  const checked = ending.product && (await checkResult(tools, claimed, ending.product.output));
  const refused = checked && 'refusal' in checked ? { ...checked.refusal, product: undefined } : {};
  const passed =
    ending.product && checked && 'output' in checked
      ? { product: { ...ending.product, output: checked.output } }
      : {};
  const end = { text: '', firstTextAt: null, meta, ...ending, ...refused, ...passed };
  const ended = await endProduct(tools, claimed, end);
  if (!ended) tools.logger.warn({ runId, attempt }, 'a run was taken over before it ended');
}

type Ending = Pick<RunEnd, 'status' | 'outcome' | 'errorCode' | 'errorMessage' | 'product'>;

function howItEnded(
  answer: ProductAnswer | undefined,
  failure: AiError | undefined,
  stopped: boolean,
): Ending {
  if (stopped || !answer) {
    if (stopped || !failure)
      return { status: 'cancelled', outcome: 'stopped', errorCode: null, errorMessage: null };
    const { code: errorCode, sentence: errorMessage } = failure;
    return { status: 'failed', outcome: 'interrupted', errorCode, errorMessage };
  }
  const { outcome } = answer;
  if (outcome.fits) {
    const { output, repaired } = outcome;
    const product = { output, repaired };
    return { status: 'completed', outcome: 'complete', errorCode: null, errorMessage: null, product };
  }
  return {
    status: 'failed',
    outcome: 'interrupted',
    errorCode: 'invalid_output',
    errorMessage: `The AI did not give a result of the shape this tool asks for, also when asked to mend it. ${outcome.reason.slice(0, longestReason)} You can try again.`,
  };
}
