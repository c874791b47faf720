import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import { storedId } from '../../../db/stored_id';
import type { AiMessage } from '../../../lib/ai_gateway/ai_gateway';
import { continueRequest } from '../../../lib/ai_gateway/continue_request';
import { countTokens } from '../../../lib/ai_gateway/count_tokens';
import { fitHistory } from '../../../lib/ai_gateway/fit_history';
import { buildSystemPrompt, type PromptSections } from '../../../lib/ai_gateway/prompt_sections';
import { parseToolOnce } from '../../tools/parse_tool_once';
import type { ReadChat } from './read_chat.service';

/** Of the model's context, left free: its tokenizer may count differently from ours. */
const airShare = 0.1;

/** In tokens. */
export type PromptLimits = {
  /** what the model reads and writes at once; unset: the last 50 messages are sent */
  contextTokens?: number;
  /** the longest answer; unset: the model's own limit, for which a quarter of the context is kept */
  answerTokens?: number;
};

/** What the model is to be told, still in its parts. */
export type Prompt = {
  /** the gateway's default when unset */
  model: string | undefined;
  sections: PromptSections;
  /** earlier messages, oldest first */
  history: AiMessage[];
  question: string;
  /** the part of the answer that is there already, when the model is to go on with it */
  begun: string | null;
};

/** The parts in the order the model gets them, with as much of the history as there is room for. */
export function toMessages(prompt: Prompt, limits: PromptLimits): AiMessage[] {
  const { sections, history, question, begun } = prompt;
  const system: AiMessage = { role: 'system', content: buildSystemPrompt(sections) };
  const last: AiMessage[] = [{ role: 'user', content: question }];
  if (begun !== null)
    last.push({ role: 'assistant', content: begun }, { role: 'user', content: continueRequest });
  return [system, ...fitHistory(history, historyBudget([system, ...last], limits)), ...last];
}

function historyBudget(needed: AiMessage[], { contextTokens, answerTokens }: PromptLimits) {
  if (contextTokens === undefined) return undefined;
  const answer = answerTokens ?? contextTokens / 4;
  const used = needed.reduce((sum, { content }) => sum + countTokens(content), 0);
  return Math.floor(contextTokens * (1 - airShare) - answer - used);
}

/** The prompt of a question in a session, out of what was read of that. */
export function assemblePrompt(
  { plan, messages, instructions }: ReadChat,
  of: {
    messageId: RichId<'message'>;
    /** the answer to go on with, if that is what is wanted */
    begunMessageId: RichId<'message'> | null;
  },
): Prompt {
  const find = (id: RichId<'message'>) => messages.find(({ uuid }) => uuid === storedId(id));
  const asked = find(of.messageId);
  if (!asked) throw new Error('a run whose question is not in its session');
  const begun = of.begunMessageId === null ? undefined : find(of.begunMessageId);
  const before = messages.filter(
    ({ seq, outcome, replaced }) => seq < asked.seq && !replaced && outcome !== 'blocked',
  );
  const parsed = parseToolOnce(plan.yaml);
  // An author may try a draft with errors: then the text itself is all we know of its behaviour.
  const tool = parsed.ok ? parsed.tool : undefined;
  return {
    model: tool?.model,
    sections: {
      toolName: tool?.name ?? 'Draft',
      behavior: tool?.behavior ?? plan.yaml,
      assignmentInstructions: instructions ?? undefined,
      constraints: {
        topics: tool?.constraints?.topics,
        noDirectAnswers: tool?.constraints?.no_direct_answers,
      },
    },
    history: before.reverse().map(({ role, text }) => ({ role, content: text })),
    question: asked.text,
    begun: begun?.text ?? null,
  };
}
