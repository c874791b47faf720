import { OpenAI } from 'openai';
import { AiError } from './ai_error';
import type { AiAnswer, AiEvent, AiGateway, AiRequest } from './ai_gateway';
import { createBoundedFetch } from './bounded_fetch';
import { collectAnswer } from './collect_answer';
import { retryAttempts } from './retry_attempts';
import { streamAttempt } from './stream_attempt';

/** A warning's fields and its words; pino's loggers and ours fit. */
export type GatewayLogger = { warn(fields: object, message: string): void };

/** All times in milliseconds. */
export type AiGatewayOptions = {
  /** up to and including the version, as in `https://openrouter.ai/api/v1` */
  baseUrl: string;
  /** none for a gateway that asks for none, as Ollama */
  apiKey?: string;
  defaultModel: string;
  /** from the request to the model's first word, repetitions and waiting included */
  requestTimeoutMs: number;
  /** the longest silence in the middle of an answer */
  idleTimeoutMs?: number;
  /** from the request to the last word of one attempt; five times the request timeout when unset */
  wholeTimeoutMs?: number;
  maxRetries: number;
  backoffMs?: number;
  /** characters of text in one answer */
  maxCharacters?: number;
  /** hears of faults by code, status and our own words; never of what was written */
  logger?: GatewayLogger;
};

const DEFAULT_IDLE_MS = 20_000;
const DEFAULT_BACKOFF_MS = 500;
const DEFAULT_MAX_CHARACTERS = 200_000;
// A token costs about 300 bytes on the wire: far above what an honest answer needs, far below what hurts.
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const MAX_LINE_BYTES = 1024 * 1024;

const SLOW_SENTENCE =
  'The AI is taking longer than usual. Your message is safe, and we are still waiting for it.';
const RETRY_SENTENCE = 'The AI did not answer at once. We are trying again for you.';

function createClient(options: AiGatewayOptions): OpenAI {
  return new OpenAI({
    baseURL: options.baseUrl.replace(/\/+$/, ''),
    // The client insists on a key; where there is none, the header that would carry it is taken out again.
    apiKey: options.apiKey ?? 'none',
    ...(options.apiKey === undefined ? { defaultHeaders: { Authorization: null } } : {}),
    // The client would read these from the environment and send them to any address.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    // Our own deadlines come first: the client's would cover the headers only.
    timeout: (options.wholeTimeoutMs ?? options.requestTimeoutMs * 5) + 1000,
    // On a broken chunk the client would write the chunk, a pupil's answer, to the console.
    logLevel: 'off',
    fetch: createBoundedFetch({ maxBytes: MAX_BODY_BYTES, maxLineBytes: MAX_LINE_BYTES }),
  });
}

/** A gateway over any endpoint that speaks OpenAI's chat completions: OpenRouter, Ollama, vLLM, LiteLLM. */
export function createAiGateway(options: AiGatewayOptions): AiGateway {
  const client = createClient(options);
  const idleMs = options.idleTimeoutMs ?? DEFAULT_IDLE_MS;

  function attempt(request: AiRequest, firstEventMs: number) {
    return streamAttempt(client, request, request.model || options.defaultModel, {
      firstEventMs,
      idleMs,
      wholeMs: options.wholeTimeoutMs ?? options.requestTimeoutMs * 5,
      maxCharacters: options.maxCharacters ?? DEFAULT_MAX_CHARACTERS,
    });
  }

  async function retry<Result>(
    request: AiRequest,
    once: (leftMs: number) => Promise<Result>,
  ): Promise<Result> {
    const slow = setTimeout(() => request.onNotice?.({ kind: 'slow', sentence: SLOW_SENTENCE }), idleMs);
    try {
      return await retryAttempts(
        {
          max: options.maxRetries,
          backoffMs: options.backoffMs ?? DEFAULT_BACKOFF_MS,
          budgetMs: options.requestTimeoutMs,
          signal: request.signal,
          onRetry: ({ error, attempt: number, delayMs }) => {
            options.logger?.warn(
              { code: error.code, detail: error.detail, status: error.status, attempt: number, delayMs },
              'the AI gateway failed and is asked again',
            );
            request.onNotice?.({
              kind: 'retry',
              sentence: RETRY_SENTENCE,
              code: error.code,
              attempt: number,
              delayMs,
            });
          },
        },
        once,
      );
    } finally {
      clearTimeout(slow);
    }
  }

  /** Up to the first event, which is as far as a repetition is possible. */
  async function begin(request: AiRequest, leftMs: number) {
    const events = attempt(request, leftMs);
    const first = await events.next();
    return { first, events };
  }

  async function* stream(request: AiRequest): AsyncGenerator<AiEvent, void, undefined> {
    const { first, events } = await retry(request, (leftMs) => begin(request, leftMs));
    try {
      if (!first.done) yield first.value;
      yield* events;
    } finally {
      // A reader that leaves at the first event has not reached the delegation that would pass it on.
      await events.return();
    }
  }

  return {
    stream,
    complete: (request): Promise<AiAnswer> =>
      retry(request, async (leftMs) => {
        try {
          return await collectAnswer(attempt(request, leftMs));
        } catch (error) {
          throw error instanceof AiError && error.partial ? new AiError(error.fault, false) : error;
        }
      }),
  };
}
