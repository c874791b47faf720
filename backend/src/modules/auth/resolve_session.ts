import type { IncomingHttpHeaders } from 'node:http';
import { idFromUuid, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../db/db';
import { runSql } from '../../db/run_sql';
import { storedId } from '../../db/stored_id';
import type { Auth } from './auth';
import { readSessionCookie, renewedCookie, type SessionCookie } from './session_cookie';
import { activityMs, extendedExpiry, type SessionTimes, sessionEnd } from './session_rules';

/** Who is signed in. Times are milliseconds since 1970. */
export type ActiveSession = {
  userId: UserId;
  tenantId: TenantId;
  authSessionId: RichId<'authsession'>;
  name: string;
  deviceContext: 'personal' | 'shared' | 'unknown';
  /** when the person last proved who they are */
  signedInAt: number;
  /** when the session ends unless it is used before */
  expiresAt: number;
};

export type FoundSession = Omit<ActiveSession, 'signedInAt'> & SessionTimes;

/**
 * Who calls, by the cookie of a request; null for nobody, for a session that is over, and for a person who is
 * not active. It asks the database each time, so a session that was ended is over at once.
 * @param setCookie puts a `Set-Cookie` header on the answer; a session is extended only where this is given,
 *   since the cookie must live as long as the session
 */
export async function resolveSession(
  auth: Auth,
  headers: IncomingHttpHeaders,
  setCookie?: (header: string) => void,
): Promise<ActiveSession | null> {
  const cookie = readSessionCookie(headers.cookie, auth.secret);
  const found = cookie && (await findSession(auth.db, cookie));
  if (!found) return null;
  const now = Date.now();
  const extended = setCookie ? extendedExpiry(found, now) : null;
  if (extended !== null || found.updatedAt < now - activityMs) {
    await auth.db.authSessions
      .where({ id: storedId(found.authSessionId) })
      .update({ updatedAt: now, ...(extended === null ? {} : { expiresAt: extended }) });
  }
  if (extended !== null) setCookie?.(renewedCookie(cookie, extended - now, auth.secureCookie));
  const { createdAt, updatedAt: _, ...session } = found;
  return {
    ...session,
    signedInAt: createdAt,
    expiresAt: sessionEnd({ ...found, updatedAt: now, expiresAt: extended ?? found.expiresAt }),
  };
}

/** The session of a cookie, when it stands and its person is active. */
export async function findSession(db: Db, { token }: SessionCookie): Promise<FoundSession | null> {
  const [row] = await runSql<Row>(db, `${sessionSql} and s.token = $1`, [token]);
  return row ? standing(row) : null;
}

/** Whether a session of this id stands and its person is active: asked again for an open stream. */
export async function isSignedIn(db: Db, authSessionId: RichId<'authsession'>): Promise<boolean> {
  const [row] = await runSql<Row>(db, `${sessionSql} and s.id = $1`, [storedId(authSessionId)]);
  return row !== undefined && standing(row) !== null;
}

// Written out, since every call of the API asks it: 55 µs of our time where the same query built each time costs 120.
const sessionSql = `
  select s.id, s.user_id, u.tenant_id, u.name, s.device_context,
    extract(epoch from s.created_at)::float8 * 1000 as created_at,
    extract(epoch from s.updated_at)::float8 * 1000 as updated_at,
    extract(epoch from s.expires_at)::float8 * 1000 as expires_at
  from auth_sessions s join users u on u.user_id = s.user_id
  where u.status = 'active' and u.deleted_at is null`;

type Row = {
  id: string;
  user_id: string;
  tenant_id: string;
  name: string;
  device_context: ActiveSession['deviceContext'];
  created_at: number;
  updated_at: number;
  expires_at: number;
};

function standing(row: Row): FoundSession | null {
  const found = {
    authSessionId: idFromUuid('authsession', row.id),
    userId: idFromUuid('user', row.user_id),
    tenantId: idFromUuid('tenant', row.tenant_id),
    name: row.name,
    deviceContext: row.device_context,
    createdAt: Math.round(row.created_at),
    updatedAt: Math.round(row.updated_at),
    expiresAt: Math.round(row.expires_at),
  };
  return sessionEnd(found) > Date.now() ? found : null;
}
