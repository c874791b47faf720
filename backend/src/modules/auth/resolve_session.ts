import type { IncomingHttpHeaders } from 'node:http';
import type { Actor } from '@raptscallions/policies/actor';
import { idFromUuid, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../db/db';
import { prepareSql } from '../../db/prepared_sql';
import { runSql } from '../../db/run_sql';
import { storedId, storedIds } from '../../db/stored_id';
import { Batcher } from '../../lib/batcher';
import { type ActorRow, actorColumns, actorOf } from '../users/services/load_actor.service';
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

export type FoundSession = Omit<ActiveSession, 'signedInAt'> & SessionTimes & { provedAt: number };

type SetCookie = (header: string) => void;

/**
 * Who calls and what they may do, by the cookie of a request; null for nobody, for a session that is over, and
 * for a person who is not active. One statement asks the database each time, so a session that was ended is
 * over at once, and so is a right that was taken away.
 * @param setCookie puts a `Set-Cookie` header on the answer; a session is extended only where this is given,
 *   since the cookie must live as long as the session
 */
export async function resolveSession(
  auth: Auth,
  headers: IncomingHttpHeaders,
  setCookie?: SetCookie,
): Promise<(ActiveSession & { actor: Actor }) | null> {
  const cookie = readSessionCookie(headers.cookie, auth.secret);
  if (!cookie) return null;
  const [row] = await runSql<Row & ActorRow>(auth.db, withActor, [cookie.token]);
  const found = row ? standing(row) : null;
  if (!row || !found) return null;
  return { ...(await useSession(auth, cookie, found, setCookie)), actor: actorOf(found.userId, row) };
}

/** Keeps the time of use, and extends a session that is due. */
async function useSession(
  auth: Auth,
  cookie: SessionCookie,
  found: FoundSession,
  setCookie?: SetCookie,
): Promise<ActiveSession> {
  const now = Date.now();
  const extended = setCookie ? extendedExpiry(found, now) : null;
  if (extended !== null || found.updatedAt < now - activityMs) {
    await auth.db.authSessions
      .where({ id: storedId(found.authSessionId) })
      .update({ updatedAt: now, ...(extended === null ? {} : { expiresAt: extended }) });
  }
  if (extended !== null) setCookie?.(renewedCookie(cookie, extended - now, auth.secureCookie));
  const { createdAt, provedAt, updatedAt: _, ...session } = found;
  return {
    ...session,
    signedInAt: Math.max(createdAt, provedAt),
    expiresAt: sessionEnd({ ...found, updatedAt: now, expiresAt: extended ?? found.expiresAt }),
  };
}

/** The session of a cookie, when it stands and its person is active. */
export async function findSession(db: Db, { token }: SessionCookie): Promise<FoundSession | null> {
  const [row] = await runSql<Row>(db, alone, [token]);
  return row ? standing(row) : null;
}

/**
 * As {@link resolveSession}, without the rights, and one statement for all who come in the same moment: when a whole
 * school opens its streams again, each by itself would wait for a connection until it is refused one.
 */
export function createSessionFinder(
  auth: Auth,
): (headers: IncomingHttpHeaders) => Promise<FoundSession | null> {
  const sessions = new Batcher<string, FoundSession>(async (tokens) => {
    const rows = await runSql<Row & { token: string }>(auth.db, byTokens, [tokens]);
    const found = new Map(
      rows.flatMap((row) => {
        const session = standing(row);
        return session ? [[row.token, session] as const] : [];
      }),
    );
    const now = Date.now();
    const used = [...found.values()].filter(({ updatedAt }) => updatedAt < now - activityMs);
    if (used.length > 0) {
      const ids = storedIds(used.map(({ authSessionId }) => authSessionId));
      await auth.db.authSessions.where({ id: { in: ids } }).update({ updatedAt: now });
    }
    return found;
  });
  return async (headers) => {
    const cookie = readSessionCookie(headers.cookie, auth.secret);
    return (cookie && (await sessions.get(cookie.token))) ?? null;
  };
}

/**
 * When sessions end unless they are used before, in milliseconds since 1970, for open streams; those that are over,
 * or whose person is not active, are left out. One query, however many are asked for.
 */
export async function readSessionEnds(
  db: Db,
  authSessionIds: RichId<'authsession'>[],
): Promise<Map<RichId<'authsession'>, number>> {
  const rows = await runSql<Row>(db, byIds, [storedIds(authSessionIds)]);
  const found = rows.flatMap((row) => standing(row) ?? []);
  return new Map(found.map((session) => [session.authSessionId, sessionEnd(session)]));
}

// Written out, since every call of the API asks it: 55 µs of our time where the same query built each time costs 120.
const columns = `
  s.id, s.user_id, u.tenant_id, u.name, s.device_context,
  extract(epoch from s.created_at)::float8 * 1000 as created_at,
  coalesce(extract(epoch from s.proved_at)::float8 * 1000, 0) as proved_at,
  extract(epoch from s.updated_at)::float8 * 1000 as updated_at,
  extract(epoch from s.expires_at)::float8 * 1000 as expires_at`;
const active = `
  from auth_sessions s join users u on u.user_id = s.user_id
  where u.status = 'active' and u.deleted_at is null`;
const byTokens = prepareSql('sessions', `select ${columns}, s.token ${active} and s.token = any($1::text[])`);
const byIds = prepareSql('session_ends', `select ${columns} ${active} and s.id = any($1::uuid[])`);
const alone = prepareSql('session', `select ${columns} ${active} and s.token = $1`);
const withActor = prepareSql(
  'session_actor',
  `select ${columns}, ${actorColumns} ${active} and s.token = $1`,
);

type Row = {
  id: string;
  user_id: string;
  tenant_id: string;
  name: string;
  device_context: ActiveSession['deviceContext'];
  created_at: number;
  proved_at: number;
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
    provedAt: Math.round(row.proved_at),
    updatedAt: Math.round(row.updated_at),
    expiresAt: Math.round(row.expires_at),
  };
  return sessionEnd(found) > Date.now() ? found : null;
}
