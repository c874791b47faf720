import { checkValue } from '@raptscallions/tool-yaml/check_value';
import type { DecidingHook } from '@raptscallions/zod-schemas/hook.zod';
import type { JsonGroup } from '@raptscallions/zod-schemas/product.zod';
import { enterTenant } from '../../../db/enter_tenant';
import { stored } from '../../../db/stored_id';
import type { Decision } from '../../hooks/hook_chain';
import { storeVerdicts, type VerdictPlace } from '../../hooks/services/store_verdicts.service';
import { longestErrorMessage } from '../tables/run.table';
import { describeInput } from './assemble_product_prompt.service';
import type { ClaimedProduct } from './claim_run.service';
import { tellOfEnd } from './end_run.service';
import { finishRun, type RunEnd } from './finish_run.service';
import type { RunTools } from './perform_run.service';
import { showInput } from './show_input.service';

type Refused = Pick<RunEnd, 'status' | 'outcome' | 'errorCode' | 'errorMessage' | 'heldBack'>;

const inputBlocked = 'A filter of your school held this form back. Please fill it in another way.';
const resultBlocked = 'A filter of your school held this result back. Please fill the form in another way.';
const couldNotCheck =
  'A filter of your school could not check this, so it went no further. What you filled in is safe. Please try again in a moment.';

/**
 * Lets the modules read what was filled in before anybody but its author can, and before the AI is asked.
 * @returns what to ask the AI; undefined when the run has ended here, or another worker has it
 */
export async function checkInput(
  tools: RunTools,
  claimed: ClaimedProduct,
): Promise<ClaimedProduct | undefined> {
  const { db } = tools;
  const { tenantId, runId, attempt, hooks, product, prompt } = claimed;
  if (!hooks.has('product:before_ai')) return claimed;
  const held = { hook: 'product:before_ai', data: product.input } as const;
  const decision = await hooks.decide(held);
  const refusal = refuse(tools, claimed, decision, { ...held, sentence: inputBlocked });
  if (decision.kind !== 'pass' || refusal) {
    // It stays its author's alone.
    const end = { text: '', firstTextAt: null, meta: {}, ...(refusal ?? unchecked) };
    await endProduct(tools, claimed, end);
    return undefined;
  }
  const input: JsonGroup = decision.input.data;
  const ours = await enterTenant(db, tenantId, async () => {
    if ((await db.runLeases.where({ ...stored({ tenantId, runId }), attempt }).count()) === 0) return false;
    await showInput(db, claimed, input === product.input ? undefined : input);
    await storeVerdicts(db, placeOf(claimed), hooks);
    return true;
  });
  if (!ours) return undefined;
  const additions = [...(prompt.sections.additions ?? []), ...decision.prompts];
  return {
    ...claimed,
    product: { ...product, input },
    prompt: { ...prompt, question: describeInput(input), sections: { ...prompt.sections, additions } },
  };
}

/** Lets the modules read a result before anybody can. @returns it as they have left it, or why it goes no further */
export async function checkResult(
  tools: RunTools,
  claimed: ClaimedProduct,
  output: JsonGroup,
): Promise<{ output: JsonGroup } | { refusal: Refused }> {
  const { hooks, product, runId } = claimed;
  if (!hooks.has('product:after_ai')) return { output };
  const held = { hook: 'product:after_ai', data: output } as const;
  const decision = await hooks.decide(held);
  const refusal = refuse(tools, claimed, decision, { ...held, sentence: resultBlocked });
  if (decision.kind !== 'pass' || refusal) return { refusal: refusal ?? unchecked };
  const passed: JsonGroup = decision.input.data;
  if (checkValue(product.outputSchema, passed).length === 0) return { output: passed };
  tools.logger.warn({ runId }, 'a module left a result that does not fit its schema');
  return { refusal: unchecked };
}

/** Ends a product run, with what its modules said. @returns false when it was too late */
export function endProduct(tools: RunTools, claimed: ClaimedProduct, end: RunEnd): Promise<boolean> {
  const { db } = tools;
  return finishRun(db, claimed, end, async () => {
    await storeVerdicts(db, placeOf(claimed), claimed.hooks);
    await tellOfEnd(tools, claimed);
  });
}

function placeOf(claimed: ClaimedProduct): VerdictPlace {
  const { tenantId, runId, attempt, userId, classId, toolVersionId } = claimed;
  const run = { runId, attempt };
  return { tenantId, run, chatSessionId: null, messageId: null, userId, classId, toolVersionId };
}

const unchecked: Refused = {
  status: 'failed',
  outcome: 'interrupted',
  errorCode: 'not_checked',
  errorMessage: couldNotCheck,
};

function refuse(
  { logger }: RunTools,
  { runId, attempt }: ClaimedProduct,
  decision: Decision,
  { hook, data, sentence }: { hook: DecidingHook; data: JsonGroup; sentence: string },
): Refused | null {
  if (decision.kind === 'fail') {
    const { module, failure } = decision;
    logger.warn({ runId, attempt, module, failure }, 'a module could not check a form');
    return unchecked;
  }
  // A form has no place for what a module says itself but the sentence that stands where the result would.
  if (decision.kind === 'pass' && decision.directResponse === null) return null;
  const { module, directResponse } = decision;
  const reason = decision.kind === 'block' ? decision.reason : null;
  const errorMessage = (directResponse ?? reason ?? sentence).slice(0, longestErrorMessage);
  const heldBack = { hook, module, reason, original: data };
  return { status: 'blocked', outcome: 'blocked', errorCode: 'held_back', errorMessage, heldBack };
}
