import type { AiAnswer, AiEvent } from './ai_gateway';

/** The whole answer of a stream. A gateway's stream always ends with `done` or throws. */
export async function collectAnswer(events: AsyncIterable<AiEvent>): Promise<AiAnswer> {
  let text = '';
  for await (const event of events) {
    if (event.kind === 'text') {
      text += event.text;
    } else {
      const { finishReason, model, usage } = event;
      return { text, finishReason, model, usage };
    }
  }
  throw new Error('A stream of an answer ended without its last event.');
}
