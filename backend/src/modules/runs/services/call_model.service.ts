import { AiError } from '../../../lib/ai_gateway/ai_error';
import type { AiEvent, AiMessage } from '../../../lib/ai_gateway/ai_gateway';
import type { TextSink } from '../text_release';
import { type Prompt, toMessages } from './assemble_prompt.service';
import type { ClaimedRun } from './claim_run.service';
import { noteCall } from './note_run.service';
import type { RunTools } from './perform_run.service';

export type ModelAnswer = Extract<AiEvent, { kind: 'done' }>;

/**
 * Asks the model and hands on what it says. A conversation that is too long for it is sent again with half of
 * the history, until there is none; a filter of its own is a failure like any other.
 * @throws AiError, and nothing else
 */
export async function callModel(
  tools: RunTools,
  claimed: ClaimedRun,
  sink: TextSink,
  signal: AbortSignal,
): Promise<ModelAnswer> {
  let prompt = claimed.prompt;
  for (;;) {
    try {
      const answer = await ask(tools, claimed, prompt, sink, signal);
      checkEnd(answer, sink.received);
      return answer;
    } catch (error) {
      const tooLong = error instanceof AiError && error.code === 'context_too_long' && !error.partial;
      if (!tooLong || prompt.history.length === 0) throw error;
      prompt = { ...prompt, history: prompt.history.slice(Math.ceil(prompt.history.length / 2)) };
    }
  }
}

async function ask(
  tools: RunTools,
  claimed: ClaimedRun,
  prompt: Prompt,
  sink: TextSink,
  signal: AbortSignal,
): Promise<ModelAnswer> {
  const { ai, limits } = tools;
  const { model } = prompt;
  const messages: AiMessage[] = toMessages(prompt, limits);
  const { kept, onNotice } = noteCall(tools, claimed, { model, messages });
  try {
    const request = { model, messages, signal, onNotice, maxTokens: claimed.answerTokens };
    for await (const event of ai.stream(request)) {
      if (event.kind === 'done') return event;
      sink.push(event.text);
    }
  } finally {
    await kept;
  }
  throw new AiError({ code: 'invalid_response', retryable: false, detail: 'a stream without an end' }, true);
}

function checkEnd({ finishReason }: ModelAnswer, hasText: boolean): void {
  if (finishReason === 'content_filter') {
    const detail = 'a filter of the model or its gateway';
    throw new AiError({ code: 'content_filter', retryable: false, detail }, hasText);
  }
  if (finishReason === 'length' && !hasText) {
    const detail = 'the model used up its length without a word';
    throw new AiError({ code: 'invalid_response', retryable: false, detail }, false);
  }
}
