import { setTimeout as sleep } from 'node:timers/promises';
import { AiError } from '../ai_error';
import type { AiEvent, AiGateway, AiMessage, AiRequest } from '../ai_gateway';
import { collectAnswer } from '../collect_answer';
import { continueRequest } from '../continue_request';
import { parseSystemPrompt } from '../prompt_sections';
import { PRACTICE_LABEL } from './practice_label';
import { countWords } from './read_turn';
import { writeReply } from './write_reply';
import { writeResult } from './write_result';

/** About as fast as a quick reader, so that a rehearsal looks like a real answer. */
const DEFAULT_WORD_MS = 25;
const MODEL = 'practice';

/** What is to be said; of an answer that is to be gone on with, the rest. */
function split(messages: AiMessage[]): { label: string[]; text: string } {
  const { outputSchema } = parseSystemPrompt(messages.find(({ role }) => role === 'system')?.content ?? '');
  // Data has no room for a label; its words say what they are, and the page does.
  if (outputSchema) return { label: [], text: writeResult(outputSchema) };
  const begun = messages.at(-1)?.content === continueRequest ? messages.at(-2)?.content : undefined;
  const whole = writeReply(begun === undefined ? messages : messages.slice(0, -2));
  if (begun !== undefined && whole.startsWith(begun)) return { label: [], text: whole.slice(begun.length) };
  return { label: [`${PRACTICE_LABEL}\n\n`], text: whole.slice(PRACTICE_LABEL.length + 2) };
}

/**
 * Answers without any account or network, by simple rules and always the same for the same conversation. What
 * it says follows the tool's prompt far enough to rehearse a lesson, and its first line says what it is.
 * @param options.wordMs milliseconds between two words; 0 for tests
 */
export function createPracticeModel(options: { wordMs?: number } = {}): AiGateway {
  async function* speak(request: AiRequest, wordMs: number): AsyncGenerator<AiEvent, void, undefined> {
    const { label, text: body } = split(request.messages);
    // The label comes at once and in one piece, then word by word.
    const words = body.match(/\S+\s*|\s+/g) ?? [];
    const pieces = [...label, ...words].slice(0, request.maxTokens);
    for (const [at, text] of pieces.entries()) {
      // A rejected sleep is the abort, which the check after it reports.
      if (at > 0 && wordMs > 0) await sleep(wordMs, undefined, { signal: request.signal }).catch(() => {});
      if (request.signal.aborted) {
        throw new AiError({ code: 'cancelled', retryable: false, detail: 'stopped by the caller' }, at > 0);
      }
      yield { kind: 'text', text };
    }
    yield {
      kind: 'done',
      finishReason: pieces.length < label.length + words.length ? 'length' : 'stop',
      model: MODEL,
      // Words stand for tokens: close enough to show how usage looks.
      usage: {
        promptTokens: request.messages.reduce((sum, { content }) => sum + countWords(content), 0),
        completionTokens: pieces.length,
      },
    };
  }

  return {
    stream: (request) => speak(request, options.wordMs ?? DEFAULT_WORD_MS),
    complete: (request) => collectAnswer(speak(request, 0)),
  };
}
