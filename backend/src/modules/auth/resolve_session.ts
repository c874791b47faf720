import type { IncomingHttpHeaders } from 'node:http';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../db/db';
import { storedId } from '../../db/stored_id';
import type { Auth } from './auth';
import { readSessionCookie, renewedCookie, type SessionCookie } from './session_cookie';
import { activityMs, extendedExpiry, sessionEnd } from './session_rules';

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
  const { createdAt, updatedAt: _used, status: _active, ...session } = found;
  return {
    ...session,
    signedInAt: createdAt,
    expiresAt: sessionEnd({ ...found, updatedAt: now, expiresAt: extended ?? found.expiresAt }),
  };
}

/** The session of a cookie, when it stands and its person is active. */
export async function findSession(db: Db, { token }: SessionCookie) {
  const found = await standing(db).findByOptional({ token });
  return found && found.status === 'active' && sessionEnd(found) > Date.now() ? found : null;
}

/** Whether a session of this id stands and its person is active: asked again for an open stream. */
export async function isSignedIn(db: Db, authSessionId: RichId<'authsession'>): Promise<boolean> {
  const found = await standing(db).findByOptional({ id: storedId(authSessionId) });
  return found?.status === 'active' && sessionEnd(found) > Date.now();
}

/** Sessions with their people, those deleted left out. */
function standing(db: Db) {
  return db.authSessions.join(db.users, 'userId', 'auth_sessions.userId').select({
    authSessionId: 'id',
    userId: 'userId',
    createdAt: 'createdAt',
    updatedAt: 'updatedAt',
    expiresAt: 'expiresAt',
    deviceContext: 'deviceContext',
    tenantId: 'users.tenantId',
    name: 'users.name',
    status: 'users.status',
  });
}
