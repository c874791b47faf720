import { checkValue, type JsonSchema, type ValueFlaw } from '@raptscallions/tool-yaml/check_value';
import type { JsonGroup } from '@raptscallions/zod-schemas/product.zod';
import { z } from 'zod';
import { toStorable } from '../../../events/storable_text';
import { AiError } from '../../../lib/ai_gateway/ai_error';
import type { AiMessage, AiUsage } from '../../../lib/ai_gateway/ai_gateway';
import { countTokens } from '../../../lib/ai_gateway/count_tokens';
import { toMessages } from './assemble_prompt.service';
import type { ModelAnswer } from './call_model.service';
import type { ClaimedProduct } from './claim_run.service';
import { noteCall } from './note_run.service';
import type { RunTools } from './perform_run.service';

/** What came of a product run: a result of the right shape, or why there is none. */
export type ProductOutcome =
  | { fits: true; output: JsonGroup; repaired: boolean }
  | { fits: false; reason: string };
export type ProductAnswer = ModelAnswer & { outcome: ProductOutcome };

const GroupZod = z.record(z.string(), z.json());
/** Enough for a model to see what it did, and for a log. */
const flawsTold = 8;

/**
 * Asks the model for a result and holds it against its schema; one that does not fit goes back once, with what is
 * wrong with it. Nothing is shown before it is whole.
 * @param spend told what each call used, also when a later one fails
 * @throws AiError, and nothing else
 */
export async function callProduct(
  tools: RunTools,
  claimed: ClaimedProduct,
  signal: AbortSignal,
  spend: (usage: AiUsage) => void,
): Promise<ProductAnswer> {
  const { outputSchema } = claimed.product;
  const asked = toMessages(claimed.prompt, tools.limits);
  const first = await ask(tools, claimed, asked, signal, spend);
  const read = readOutput(first.text, outputSchema);
  if (read.output) return { ...first.answer, outcome: { fits: true, output: read.output, repaired: false } };
  tools.logger.info({ runId: claimed.runId, flaws: read.flaws.length }, 'a result goes back to be mended');
  const repair: AiMessage[] = [
    ...asked,
    { role: 'assistant', content: first.text },
    { role: 'user', content: askForRepair(read.flaws) },
  ];
  const second = await ask(tools, claimed, repair, signal, spend);
  const mended = readOutput(second.text, outputSchema);
  const outcome: ProductOutcome = mended.output
    ? { fits: true, output: mended.output, repaired: true }
    : { fits: false, reason: describe(mended.flaws[0]) };
  return { ...second.answer, outcome };
}

async function ask(
  tools: RunTools,
  claimed: ClaimedProduct,
  messages: AiMessage[],
  signal: AbortSignal,
  spend: (usage: AiUsage) => void,
): Promise<{ text: string; answer: ModelAnswer }> {
  const { ai, limits } = tools;
  const { model } = claimed.prompt;
  const { kept, onNotice } = noteCall(tools, claimed, { model, messages });
  try {
    const maxTokens = claimed.answerTokens ?? limits.answerTokens;
    const { text, ...answer } = await ai.complete({ model, messages, signal, onNotice, maxTokens });
    // Where the gateway does not count, we do.
    const usage = answer.usage ?? {
      promptTokens: messages.reduce((sum, { content }) => sum + countTokens(content), 0),
      completionTokens: countTokens(text),
    };
    spend(usage);
    if (answer.finishReason === 'content_filter') {
      const detail = 'a filter of the model or its gateway';
      throw new AiError({ code: 'content_filter', retryable: false, detail }, false);
    }
    // PostgreSQL stores no NUL, and nobody misses it.
    return { text: text.replaceAll('\0', ''), answer: { kind: 'done', ...answer, usage } };
  } finally {
    await kept;
  }
}

function askForRepair(flaws: ValueFlaw[]): string {
  const lines = flaws.slice(0, flawsTold).map((flaw) => `- ${describe(flaw)}`);
  return `Your answer does not fit the JSON Schema:\n${lines.join('\n')}\n\nWrite the whole answer again as one JSON object that fits, and nothing else.`;
}

function describe(flaw: ValueFlaw | undefined): string {
  if (!flaw) return 'It was not what was asked for.';
  return flaw.path.length > 0 ? `${flaw.path.join(' › ')}: ${flaw.message}` : flaw.message;
}

type Read = { output: JsonGroup; flaws: [] } | { output: null; flaws: ValueFlaw[] };

/** The JSON object of an answer, also out of a fence or from between words, where models like to put it. */
function readOutput(text: string, schema: JsonSchema): Read {
  const fenced = /```(?:json)?\s*\n([\s\S]*?)\n\s*```/i.exec(text)?.[1];
  const bare = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
  for (const candidate of [text, fenced, bare]) {
    const value = candidate === undefined ? undefined : parseJson(candidate);
    const group = GroupZod.safeParse(value);
    if (!group.success) continue;
    const flaws = checkValue(schema, group.data);
    return flaws.length === 0 ? { output: group.data, flaws: [] } : { output: null, flaws };
  }
  return { output: null, flaws: [{ path: [], message: 'It was no JSON object.' }] };
}

function parseJson(text: string): unknown {
  try {
    return toStorable(JSON.parse(text));
  } catch {
    return undefined;
  }
}
