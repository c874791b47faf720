import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorCode } from '@raptscallions/zod-schemas/error.zod';
import { z } from 'zod';
import { AppError } from '../../lib/app_error';
import { clientAddress } from '../limits/client_address';
import { limitHeaders, type SignInLimits, type SignInTry } from '../limits/sign_in_limits';
import { deviceCookieFor } from './admit_session';
import { type Auth, addressHeader, authPath } from './auth';
import { findSession } from './resolve_session';
import { readSessionCookie, withSessionCookie } from './session_cookie';

// Every other endpoint of better-auth is shut until something of ours needs it.
const openPaths = /^\/(sign-in\/(email|social)|callback\/[a-z]+|sign-out|get-session)$/;
const providerPath = `${authPath}/sign-in/social`;
const maxBodyBytes = 16_384;

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

/**
 * What a sign-in by a provider may say. better-auth would also take a token somebody else was given, and data of
 * the caller's to carry along.
 */
const ProviderZod = z.object({
  provider: z.string().max(40),
  callbackURL: z
    .string()
    .regex(/^\/(?![/\\])/, 'must be a path of ours')
    .max(2_000),
});
const CredentialsZod = z.object({ email: z.string() });
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
  const request = await toRequest(auth, req, address);
  const account = await readAccount(request);
  const tried = account === null ? null : await begin(limits, account, address, res);
  const response = await auth.handler(request);
  // Whoever knows the password has not failed, also when the account is suspended.
  if (tried && response.status !== 401 && response.status < 500) await tried.succeeded();
  if (response.status >= 400) throw await failureOf(response);
  res.statusCode = response.status;
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') res.setHeader(name, value);
  }
  const cookies = response.headers.getSetCookie();
  if (new URL(request.url).pathname === providerPath) {
    cookies.push(deviceCookieFor(request.headers, auth.secureCookie));
  }
  if (cookies.length) res.setHeader('set-cookie', cookies);
  res.setHeader('cache-control', 'no-store');
  res.end(Buffer.from(await response.arrayBuffer()));
}

async function toRequest(auth: Auth, req: IncomingMessage, address: string): Promise<Request> {
  const url = new URL(`http://localhost${req.url ?? '/'}`);
  if (!openPaths.test(url.pathname.slice(authPath.length))) {
    throw new AppError('NOT_FOUND', `There is nothing at ${url.pathname}.`);
  }
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  headers.set(addressHeader, address);
  if (req.headers.cookie) {
    const cookie = readSessionCookie(req.headers.cookie, auth.secret);
    const stands = cookie && (await findSession(auth.db, cookie)) ? cookie : null;
    headers.set('cookie', withSessionCookie(req.headers.cookie, stands));
  }
  const sent = req.method === 'GET' || req.method === 'HEAD' ? undefined : await readBody(req);
  const body = url.pathname === providerPath ? providerBody(sent) : sent;
  if (body !== sent) headers.set('content-length', String(body?.length ?? 0));
  return new Request(url, { method: req.method, headers, body: body?.length ? body : undefined });
}

function providerBody(sent: Uint8Array = new Uint8Array()): Uint8Array<ArrayBuffer> {
  const read = ProviderZod.safeParse(parseJson(Buffer.from(sent).toString('utf8')));
  if (!read.success)
    throw new AppError('BAD_REQUEST', 'Name a provider, and a page of ours to come back to.');
  const body = { ...read.data, errorCallbackURL: '/sign-in', disableRedirect: true };
  return new Uint8Array(Buffer.from(JSON.stringify(body)));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The account a password is tried for; null for any other request. */
async function readAccount(request: Request): Promise<string | null> {
  if (!new URL(request.url).pathname.startsWith(`${authPath}/sign-in/email`)) return null;
  const body = CredentialsZod.safeParse(
    await request
      .clone()
      .json()
      .catch(() => null),
  );
  return body.success ? body.data.email : '';
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

async function readBody(req: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of req) {
    size += part.length;
    if (size > maxBodyBytes) throw new AppError('PAYLOAD_TOO_LARGE');
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

async function failureOf(response: Response): Promise<AppError> {
  const said = FailureZod.safeParse(await response.json().catch(() => null));
  const code =
    codeOfStatus[response.status] ?? (response.status < 500 ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR');
  if (!said.success || code === 'INTERNAL_SERVER_ERROR') return new AppError(code);
  return new AppError(code, said.data.message, { reason: said.data.code });
}
