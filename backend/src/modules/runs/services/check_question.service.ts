import { enterTenant } from '../../../db/enter_tenant';
import { stored } from '../../../db/stored_id';
import { storeVerdicts } from '../../hooks/services/store_verdicts.service';
import { verdictPlace } from '../verdict_place';
import type { ClaimedRun } from './claim_run.service';
import { endRun } from './end_run.service';
import type { RunTools } from './perform_run.service';
import { showQuestion } from './show_question.service';
import { asAnswer, withholdAnswer, withholdQuestion } from './withhold_text.service';

/**
 * Lets the modules read the question before anybody but its author can, and before the AI is asked.
 * @returns what to ask the AI; undefined when the run has ended here, or another worker has it
 */
export async function checkQuestion(tools: RunTools, claimed: ClaimedRun): Promise<ClaimedRun | undefined> {
  const { db } = tools;
  const { tenantId, runId, attempt, prompt, hooks } = claimed;
  if (!hooks.has('chat:before_ai')) return claimed;
  const decision = await hooks.decide({ hook: 'chat:before_ai', text: prompt.question });
  if (decision.kind !== 'pass') {
    await withholdQuestion(tools, claimed, decision);
    return undefined;
  }
  const { directResponse, prompts, input } = decision;
  const changed = input.text === prompt.question ? undefined : input.text;
  const shown = await enterTenant(db, tenantId, async () => {
    const ours = await db.runLeases.where({ ...stored({ tenantId, runId }), attempt }).count();
    if (ours === 0) return false;
    await showQuestion(tools, claimed, changed);
    // Now and not at the end: what a teacher should know does not wait for the answer.
    await storeVerdicts(db, verdictPlace(claimed), hooks);
    return true;
  });
  if (!shown) return undefined;
  if (directResponse !== null) {
    await answerDirectly(tools, claimed, directResponse);
    return undefined;
  }
  const { additions = [] } = prompt.sections;
  return {
    ...claimed,
    prompt: {
      ...prompt,
      question: input.text,
      sections: { ...prompt.sections, additions: [...additions, ...prompts] },
    },
  };
}

/** What a module answers in the place of the AI passes the modules after it like any answer. */
async function answerDirectly(tools: RunTools, claimed: ClaimedRun, text: string): Promise<void> {
  const passed = await claimed.hooks.decide(asAnswer(claimed, text));
  const came = { firstTextAt: null, meta: {} };
  if (passed.kind !== 'pass') {
    await withholdAnswer(tools, claimed, passed, { ...came, text: '', raw: text });
    return;
  }
  await endRun(tools, claimed, {
    text: passed.input.text,
    firstTextAt: Date.now(),
    meta: {},
    status: 'completed',
    outcome: 'complete',
    errorCode: null,
    errorMessage: null,
  });
}
