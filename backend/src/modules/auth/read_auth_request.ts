import type { IncomingMessage } from 'node:http';
import { plainSchoolCode } from '@raptscallions/zod-schemas/tenant.zod';
import { z } from 'zod';
import { runSql } from '../../db/run_sql';
import { AppError } from '../../lib/app_error';
import { type Auth, addressHeader, authPath } from './auth';
import { findSession } from './resolve_session';
import { readSessionCookie, withSessionCookie } from './session_cookie';

// Every other endpoint of better-auth is shut until something of ours needs it: `test/http_surface.ts` lists them.
const openEndpoints = /^(POST \/(sign-in\/(email|username|social)|sign-out)|GET \/callback\/[a-z]+)$/;
const maxBodyBytes = 16_384;

/** What is asked of better-auth, in its own words. */
export type AuthRequest = {
  request: Request;
  /** as the caller named it, below `/api/auth` */
  path: string;
  /** the account a password is tried for; null for any other request */
  account: string | null;
};

type Body = { sent: Uint8Array<ArrayBuffer> | undefined; account: string | null; path?: string };

const EmailZod = z.object({ email: z.string() });
const UsernameZod = z.object({
  schoolCode: z.string().max(100),
  username: z.string().max(200),
  password: z.string().max(1_000),
  rememberMe: z.boolean().optional(),
});
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

/**
 * A request as better-auth is to see it: only with a session that stands by our rules, and the socket's address.
 * @throws AppError NOT_FOUND for what is shut, PAYLOAD_TOO_LARGE, BAD_REQUEST
 */
export async function readAuthRequest(
  auth: Auth,
  req: IncomingMessage,
  address: string,
): Promise<AuthRequest> {
  const url = new URL(`http://localhost${req.url ?? '/'}`);
  const path = url.pathname.slice(authPath.length);
  if (!openEndpoints.test(`${req.method} ${path}`))
    throw new AppError('NOT_FOUND', `There is nothing at ${url.pathname}.`);
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
  const hasBody = req.method !== 'GET' && req.method !== 'HEAD';
  const body = await readAs(auth, path, hasBody ? await readBytes(req) : undefined);
  if (body.path) url.pathname = `${authPath}${body.path}`;
  headers.set('content-length', String(body.sent?.length ?? 0));
  const sent = body.sent?.length ? body.sent : undefined;
  return {
    request: new Request(url, { method: req.method, headers, body: sent }),
    path,
    account: body.account,
  };
}

async function readAs(auth: Auth, path: string, sent: Uint8Array<ArrayBuffer> | undefined): Promise<Body> {
  if (path === '/sign-in/social') return readProvider(sent);
  if (path === '/sign-in/username') return readUsername(auth, sent);
  const email = path === '/sign-in/email' ? EmailZod.safeParse(parseJson(sent)).data?.email : undefined;
  return { sent, account: path === '/sign-in/email' ? (email ?? '') : null };
}

function readProvider(sent: Uint8Array | undefined): Body {
  const { data } = ProviderZod.safeParse(parseJson(sent));
  if (!data) throw new AppError('BAD_REQUEST', 'Name a provider, and a page of ours to come back to.');
  return { sent: bytesOf({ ...data, errorCallbackURL: '/sign-in', disableRedirect: true }), account: null };
}

/** An address nobody can have, for which better-auth does the work of a wrong password. */
const nobody = 'nobody@placeholder.invalid';

/** A username means somebody only within a school; to better-auth everybody has an address. */
async function readUsername(auth: Auth, sent: Uint8Array | undefined): Promise<Body> {
  const { data } = UsernameZod.safeParse(parseJson(sent));
  if (!data) throw new AppError('BAD_REQUEST', 'Give the school code, your username and your password.');
  const { password, rememberMe } = data;
  const [code, username] = [plainSchoolCode(data.schoolCode), data.username.normalize('NFC').trim()];
  const [row] = await runSql<{ typed: string; email: string | null; retired: boolean }>(
    auth.db,
    `select lower($2) as typed, exists (select from retired_school_codes where school_code = $1) as retired, (
       select a.email from tenants t
         join user_contacts c on c.tenant_id = t.tenant_id and c.deleted_at is null
         join auth_users a on a.id = c.user_id
       where t.school_code = $1 and t.deleted_at is null and lower(c.username) = lower($2)
       order by c.username = $2 desc limit 1) as email`,
    [code, username],
  );
  // Nobody can be found by it, so no password is looked at, and a code is no secret.
  if (row?.retired) {
    throw new AppError('CONFLICT', 'This school has a new code. Ask your teacher for it.', {
      reason: 'SCHOOL_CODE_CHANGED',
    });
  }
  const body = { email: row?.email ?? nobody, password, rememberMe };
  // Counted by the letters PostgreSQL looks for: JavaScript's small letters are others, and each way to write a name
  // would have tries of its own. Not by who was found, or the count would say whether there is somebody.
  return { sent: bytesOf(body), account: `${code} ${row?.typed ?? username}`, path: '/sign-in/email' };
}

function bytesOf(body: object): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(JSON.stringify(body)));
}

function parseJson(sent: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(sent ?? []).toString('utf8'));
  } catch {
    return null;
  }
}

async function readBytes(req: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of req) {
    size += part.length;
    if (size > maxBodyBytes) throw new AppError('PAYLOAD_TOO_LARGE');
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
