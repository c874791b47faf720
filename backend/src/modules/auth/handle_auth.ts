import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { ErrorCode } from '@raptscallions/zod-schemas/error.zod';
import { z } from 'zod';
import { AppError } from '../../lib/app_error';
import { clientAddress } from '../limits/client_address';
import { limitHeaders } from '../limits/limit_answer';
import type { SignInLimits, SignInTry } from '../limits/sign_in_limits';
import { deviceCookieFor } from './admit_session';
import type { Auth } from './auth';
import { readAuthRequest } from './read_auth_request';

/** A wrong password is answered at a multiple of so many milliseconds. */
const refusalStepMs = 100;

/** Whoever stands at the door of a server without its database is told so after this long, rather than never. */
const answerMs = 10_000;

const codeOfStatus: Record<number, ErrorCode> = {
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  429: 'RATE_LIMIT_EXCEEDED',
};
/** What stands before better-auth: who has failed too often, and how many proxies are ours. */
export type Door = { limits: SignInLimits; trustedProxies: number };

const LimitZod = z.object({ limit: z.number(), resetAt: z.number(), retryAfter: z.number() });
const FailureZod = z.object({ message: z.string(), code: z.string().optional() });

/**
 * Answers a request under `/api/auth`. better-auth sees only sessions that stand by our rules, and the address
 * of the socket.
 * @throws AppError for every answer that is a failure; `details.reason` is better-auth's own code
 */
export async function handleAuth(
  auth: Auth,
  { limits, trustedProxies }: Door,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const address = clientAddress(req, trustedProxies);
  const { request, path, account } = await inTime(readAuthRequest(auth, req, address));
  const tried = account === null ? null : await begin(limits, account, address, res);
  let failed = false;
  let response: Response;
  try {
    const began = performance.now();
    response = await inTime(auth.handler(request));
    // Whoever knows the password has not failed, also when the account is suspended, or nobody could look.
    failed = response.status === 401;
    // `lookUpEvenly` makes the work alike; a step hides what differs still.
    if (failed && tried) await untilNextStep(began);
  } finally {
    await tried?.end(failed);
  }
  if (response.status >= 400) throw await failureOf(response);
  res.statusCode = response.status;
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') res.setHeader(name, value);
  }
  const cookies = response.headers.getSetCookie();
  if (path === '/sign-in/social') {
    cookies.push(deviceCookieFor(request.headers, auth.secureCookie));
  }
  if (cookies.length) res.setHeader('set-cookie', cookies);
  res.setHeader('cache-control', 'no-store');
  res.end(Buffer.from(await response.arrayBuffer()));
}

/** A timer alone fires early by what its turn of the loop has done before, which differs with the work. */
async function untilNextStep(began: number): Promise<void> {
  const end = began + Math.ceil((performance.now() - began) / refusalStepMs) * refusalStepMs;
  for (let now = performance.now(); now < end; now = performance.now()) await delay(Math.ceil(end - now));
}

/** @throws AppError SERVICE_UNAVAILABLE when the work takes too long; what it comes to later is nobody's any more */
async function inTime<T>(work: Promise<T>): Promise<T> {
  const late = new AbortController();
  const waited = delay(answerMs, undefined, { signal: late.signal }).then(
    () => {
      throw new AppError('SERVICE_UNAVAILABLE');
    },
    () => work,
  );
  try {
    return await Promise.race([work, waited]);
  } finally {
    late.abort();
  }
}

async function begin(
  limits: SignInLimits,
  account: string,
  address: string,
  res: ServerResponse,
): Promise<SignInTry> {
  try {
    const tried = await limits.begin(account, address);
    for (const [name, value] of Object.entries(tried.headers)) res.setHeader(name, value);
    return tried;
  } catch (error) {
    const over = LimitZod.safeParse(error instanceof AppError && error.details);
    if (over.success) {
      const { limit, resetAt, retryAfter } = over.data;
      const headers = { ...limitHeaders(limit, 0, resetAt), 'retry-after': String(retryAfter) };
      for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
    }
    throw error;
  }
}

async function failureOf(response: Response): Promise<AppError> {
  const said = FailureZod.safeParse(await response.json().catch(() => null));
  const code =
    codeOfStatus[response.status] ?? (response.status < 500 ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR');
  if (!said.success || code === 'INTERNAL_SERVER_ERROR') return new AppError(code);
  return new AppError(code, said.data.message, { reason: said.data.code });
}
