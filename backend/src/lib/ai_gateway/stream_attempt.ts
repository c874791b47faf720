import type { OpenAI } from 'openai';
import { z } from 'zod';
import { AiError, type AiFault } from './ai_error';
import type { AiEvent, AiRequest, AiUsage } from './ai_gateway';
import { type AttemptGuard, createAttemptGuard } from './attempt_guard';
import { OversizedBodyError } from './bounded_fetch';
import { classifyFault } from './classify_fault';

/** All times in milliseconds. */
type AttemptLimits = {
  /** until the model has begun: a cold model on a school's own machine may well need a minute to load */
  firstEventMs: number;
  /** the longest silence once it has begun */
  idleMs: number;
  /** from the request to the last byte, however lively the stream */
  wholeMs: number;
  /** characters of text; what comes after is cut off and the answer ends with `length` */
  maxCharacters: number;
};

// The count of tokens follows the finish reason at once, where it is sent at all.
const AFTER_FINISH_MS = 2000;

const NOTHING_CAME: AiFault = { code: 'timeout', retryable: true, detail: 'nothing came in time' };
const TOO_LONG_IN_ALL: AiFault = {
  code: 'timeout',
  retryable: true,
  detail: 'the whole answer took too long',
};
const WENT_QUIET: AiFault = { code: 'stalled', retryable: true, detail: 'the stream went quiet' };
const OVER: AiFault = { code: 'general', retryable: false, detail: 'over' };

/** The part of a chunk that is read; gateways add fields of their own at will. */
const ChunkZod = z.object({
  model: z.string().nullish(),
  choices: z
    .array(
      z.object({
        index: z.number().nullish(),
        delta: z
          .object({
            content: z.string().nullish(),
            refusal: z.string().nullish(),
            // A model that thinks first is alive, though none of it is for the pupil. Two names are in use.
            reasoning: z.string().nullish(),
            reasoning_content: z.string().nullish(),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z
    .object({
      prompt_tokens: z.number().int().nonnegative().nullish(),
      completion_tokens: z.number().int().nonnegative().nullish(),
    })
    .nullish(),
});

function invalid(detail: string): AiFault {
  return { code: 'invalid_response', retryable: true, detail };
}

/** Never ends between the two halves of a character outside the basic plane. */
function cutCharacters(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}

async function openStream(client: OpenAI, request: AiRequest, model: string, guard: AttemptGuard) {
  const { data, response } = await client.chat.completions
    .create(
      {
        model,
        messages: request.messages,
        stream: true,
        stream_options: { include_usage: true },
        // The older name is the one every compatible server knows.
        ...(request.maxTokens === undefined ? {} : { max_tokens: request.maxTokens }),
        ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
      },
      { signal: guard.signal, maxRetries: 0 },
    )
    .withResponse();
  // A login page or a proxy's notice also answers 200; read as a stream it would be an empty answer.
  if (!/^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '')) {
    throw new AiError(invalid('the answer is no event stream'), false);
  }
  return data[Symbol.asyncIterator]();
}

/**
 * One attempt at one answer, without retries.
 * @throws AiError, and nothing else; `partial` says whether text was yielded before
 */
export async function* streamAttempt(
  client: OpenAI,
  request: AiRequest,
  model: string,
  limits: AttemptLimits,
): AsyncGenerator<AiEvent, void, undefined> {
  const guard = createAttemptGuard(request.signal);
  let begun = false;
  let released = 0;
  let finishReason: string | null = null;
  let answeringModel = model;
  let usage: AiUsage | null = null;

  try {
    guard.arm('first', limits.firstEventMs, NOTHING_CAME);
    guard.arm('whole', limits.wholeMs, TOO_LONG_IN_ALL);
    const chunks = await openStream(client, request, model, guard);
    while (true) {
      const next = await chunks.next();
      if (next.done) break;
      // Only the wait for the gateway counts, not the time our reader takes with what was yielded.
      guard.disarm('idle');
      const chunk = ChunkZod.safeParse(next.value);
      if (!chunk.success) throw new AiError(invalid('a chunk of the wrong shape'), released > 0);
      answeringModel = chunk.data.model || answeringModel;
      if (chunk.data.usage) {
        usage = {
          promptTokens: chunk.data.usage.prompt_tokens ?? 0,
          completionTokens: chunk.data.usage.completion_tokens ?? 0,
        };
      }
      const choice = chunk.data.choices?.find((each) => (each.index ?? 0) === 0);
      const text = choice?.delta?.content || choice?.delta?.refusal;
      if (
        !begun &&
        (text || choice?.delta?.reasoning || choice?.delta?.reasoning_content || choice?.finish_reason)
      ) {
        begun = true;
        guard.disarm('first');
      }
      if (text && guard.fault() === null) {
        const kept = cutCharacters(text, Math.min(text.length, limits.maxCharacters - released));
        released += text.length;
        if (kept) yield { kind: 'text', text: kept };
        if (released >= limits.maxCharacters) {
          guard.stop(OVER);
          yield { kind: 'done', finishReason: 'length', model: answeringModel, usage };
          return;
        }
      }
      if (choice?.finish_reason) {
        finishReason = choice.finish_reason;
        if (finishReason === 'error')
          throw new AiError(invalid('the model failed in the middle'), released > 0);
      }
      // Comments do not count: a router goes on sending them when the model behind it has died.
      if (finishReason !== null) guard.arm('idle', Math.min(AFTER_FINISH_MS, limits.idleMs), OVER);
      else if (begun) guard.arm('idle', limits.idleMs, WENT_QUIET);
    }
    // An abort ends the client's iterator as if the stream had ended well, so the guard is asked first.
    const fault = guard.fault();
    if (fault && (finishReason === null || fault.code === 'cancelled'))
      throw new AiError(fault, released > 0);
    if (finishReason === null)
      throw new AiError(invalid('the stream ended without a finish reason'), released > 0);
    if (released === 0 && finishReason !== 'content_filter' && finishReason !== 'length') {
      throw new AiError(invalid('an empty answer'), false);
    }
    yield { kind: 'done', finishReason, model: answeringModel, usage };
  } catch (thrown) {
    if (thrown instanceof AiError) throw thrown;
    const oversized = thrown instanceof OversizedBodyError;
    throw new AiError(
      guard.fault() ?? (oversized ? invalid('the answer is too large') : classifyFault(thrown)),
      released > 0,
    );
  } finally {
    // Also when the reader walks away: nothing may keep the socket, the timers or the listener.
    guard.stop(OVER);
    guard.release();
  }
}
