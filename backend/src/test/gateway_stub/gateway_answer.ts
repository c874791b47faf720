/**
 * What the stub does with one request. Times in milliseconds; `afterChunks` counts chunks of text that are sent
 * before the fault.
 */
export type GatewayAnswer =
  | {
      kind: 'ok';
      /** an echo of the last message when unset */
      text?: string;
      /** between two chunks; the stub's own pace when unset */
      pace?: number;
      finishReason?: string;
      usage?: { promptTokens: number; completionTokens: number } | null;
      /** sent as comments before the first chunk, as routers do while a model wakes up */
      comments?: number;
      /** thinking that is sent before the text */
      reasoning?: string;
      /** the connection stays open after the last chunk */
      stayOpen?: boolean;
    }
  | { kind: 'rate_limit'; retryAfter?: string; html?: boolean; code?: string }
  | { kind: 'server_error'; status?: number; html?: boolean }
  | { kind: 'hang'; afterHeaders?: boolean }
  | { kind: 'stall'; afterChunks?: number; withComments?: boolean }
  | { kind: 'malformed'; afterChunks?: number; wrongShape?: boolean }
  | { kind: 'cut'; afterChunks?: number }
  | { kind: 'no_finish' }
  | { kind: 'error_chunk'; afterChunks?: number; code?: string | number }
  | { kind: 'html' }
  | { kind: 'empty' }
  /** `bytes` at a time, so that characters of several bytes are torn apart */
  | { kind: 'split'; text: string; bytes: number }
  /** text without end, or one line without end */
  | { kind: 'flood'; oneLine?: boolean }
  | { kind: 'unknown_model' }
  | { kind: 'wrong_key' }
  | { kind: 'context_too_long' }
  | { kind: 'redirect'; to: string };

/** The same faults by the model's name, for tests that reach the stub through a whole application. */
const ANSWERS_BY_MODEL: Record<string, GatewayAnswer> = {
  'stub-429': { kind: 'rate_limit', retryAfter: '1' },
  'stub-429-html': { kind: 'rate_limit', retryAfter: '1', html: true },
  'stub-500': { kind: 'server_error' },
  'stub-hang': { kind: 'hang' },
  'stub-stall': { kind: 'stall' },
  'stub-malformed': { kind: 'malformed' },
  'stub-cut': { kind: 'cut' },
  'stub-no-finish': { kind: 'no_finish' },
  'stub-error-chunk': { kind: 'error_chunk' },
  'stub-html': { kind: 'html' },
  'stub-split': { kind: 'split', text: 'Größe, 水, 🌱 and √2: all of it whole.', bytes: 1 },
  'stub-flood': { kind: 'flood' },
  'stub-404': { kind: 'unknown_model' },
  'stub-401': { kind: 'wrong_key' },
  'stub-context': { kind: 'context_too_long' },
};

export function chooseAnswerByModel(model: string): GatewayAnswer {
  return ANSWERS_BY_MODEL[model] ?? { kind: 'ok' };
}
