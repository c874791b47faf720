import type { AiErrorCode } from './ai_error';

export type AiMessage = { role: 'system' | 'user' | 'assistant'; content: string };

export type AiUsage = { promptTokens: number; completionTokens: number };

/**
 * What may be told to whoever waits before the first text is there: `slow` once, when nothing has come for
 * the idle limit; `retry` each time a failed attempt is about to be repeated after `delayMs`.
 */
export type AiNotice =
  | { kind: 'slow'; sentence: string }
  | { kind: 'retry'; sentence: string; code: AiErrorCode; attempt: number; delayMs: number };

export type AiRequest = {
  /** the gateway's default model when unset */
  model?: string;
  messages: AiMessage[];
  maxTokens?: number;
  temperature?: number;
  /** aborting closes the socket to the gateway at once and ends the stream with an AiError `cancelled` */
  signal: AbortSignal;
  onNotice?: (notice: AiNotice) => void;
};

/**
 * `text` any number of times, then exactly one `done`. The finish reason is the gateway's own word (`stop`,
 * `length`, `content_filter`, ...); `usage` is null where the gateway does not count.
 */
export type AiEvent =
  | { kind: 'text'; text: string }
  | { kind: 'done'; finishReason: string; model: string; usage: AiUsage | null };

export type AiAnswer = { text: string; finishReason: string; model: string; usage: AiUsage | null };

export type AiGateway = {
  /**
   * The answer as it comes. Text that was yielded is never taken back: after it no retry happens.
   * @throws AiError, and nothing else
   */
  stream(request: AiRequest): AsyncGenerator<AiEvent, void, undefined>;
  /**
   * The whole answer at once, with the same watchdogs; since nothing is shown before the end, an answer that
   * breaks in the middle is asked for again.
   * @throws AiError, and nothing else; `partial` is always false
   */
  complete(request: AiRequest): Promise<AiAnswer>;
};
