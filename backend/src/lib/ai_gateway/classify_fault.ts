import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { z } from 'zod';
import type { AiFault } from './ai_error';
import { readRetryAfter } from './read_retry_after';

/** Gateways agree on a `code` and a `message`, and on little else: the code may be text or an HTTP status. */
const UpstreamErrorZod = z.object({
  code: z.union([z.string(), z.number()]).nullish(),
  type: z.string().nullish(),
  message: z.string().nullish(),
});

const CONTEXT_TOO_LONG =
  /context[_ ]?(length|window|size)|maximum context|(prompt|input) is too long|too many (input )?tokens/i;
const UNKNOWN_MODEL =
  /model[_ ]?not[_ ]?found|not a valid model|unknown model|model .{0,120}does not exist|invalid model/i;

/** Connection failures carry the system's own short code at some depth of `cause`. */
function findSystemCode(error: unknown): string | null {
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    if (
      'code' in current &&
      typeof current.code === 'string' &&
      /^[A-Z][A-Z0-9_]{2,40}$/.test(current.code)
    ) {
      return current.code;
    }
    current = current.cause;
  }
  return null;
}

function classifyStatus(status: number, error: APIError): AiFault {
  const read = UpstreamErrorZod.safeParse(error.error);
  const upstream = read.success ? read.data : {};
  const words = [upstream.code, upstream.type, upstream.message].join(' ');
  const retryAfterMs = readRetryAfter(error.headers ?? null, Date.now());
  const fault = (code: AiFault['code'], retryable: boolean, detail: string): AiFault => ({
    code,
    retryable,
    detail,
    status,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  });
  // A used-up account answers 429 like a busy one, but no waiting helps.
  if (/insufficient_quota/.test(words)) return fault('authentication', false, 'the account is used up');
  if (status === 401 || status === 403) return fault('authentication', false, 'the gateway refused the key');
  if (status === 402) return fault('authentication', false, 'the gateway asks for payment');
  if (status === 404) return fault('model_not_available', false, 'no such model or address');
  if (status === 408 || status === 504) return fault('timeout', true, 'the gateway ran out of time');
  if (status === 429) return fault('rate_limit', true, 'too many requests');
  if (status === 413) return fault('context_too_long', false, 'the request is too large');
  if (status >= 400 && status < 500) {
    if (CONTEXT_TOO_LONG.test(words)) return fault('context_too_long', false, 'the context is too long');
    if (UNKNOWN_MODEL.test(words)) return fault('model_not_available', false, 'the model is not known');
    return fault('general', status === 409 || status === 425, 'the gateway refused the request');
  }
  if (status >= 500) return fault('general', true, 'the gateway failed');
  return fault('general', false, 'the gateway answered with a redirect');
}

/** An error object inside a stream: some gateways hide the real status in its code. */
function classifyErrorChunk(error: APIError): AiFault {
  const read = UpstreamErrorZod.safeParse(error.error);
  const code = read.success ? read.data.code : null;
  const words = read.success ? [code, read.data.type, read.data.message].join(' ') : '';
  if (Number(code) === 429 || /rate_limit/.test(words)) {
    return { code: 'rate_limit', retryable: true, detail: 'too many requests, said inside the stream' };
  }
  if (CONTEXT_TOO_LONG.test(words)) {
    return { code: 'context_too_long', retryable: false, detail: 'the context is too long' };
  }
  return { code: 'invalid_response', retryable: true, detail: 'an error inside the stream' };
}

/**
 * What a thrown thing means. The texts in it are read for their meaning and never passed on: a gateway may
 * quote the conversation in its error messages.
 */
export function classifyFault(thrown: unknown): AiFault {
  if (thrown instanceof APIConnectionTimeoutError) {
    return { code: 'timeout', retryable: true, detail: 'no connection in time' };
  }
  if (thrown instanceof APIConnectionError) {
    return {
      code: 'general',
      retryable: true,
      detail: `no connection (${findSystemCode(thrown) ?? 'unknown'})`,
    };
  }
  if (thrown instanceof APIError) {
    return thrown.status === undefined ? classifyErrorChunk(thrown) : classifyStatus(thrown.status, thrown);
  }
  if (thrown instanceof SyntaxError) {
    return { code: 'invalid_response', retryable: true, detail: 'a chunk that is not JSON' };
  }
  const systemCode = findSystemCode(thrown);
  return { code: 'general', retryable: true, detail: `the connection broke (${systemCode ?? 'unknown'})` };
}
