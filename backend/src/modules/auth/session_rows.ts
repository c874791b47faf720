import type { Session } from '@raptscallions/zod-schemas/auth.zod';
import { idFromUuid } from '@raptscallions/zod-schemas/rich_id';
import { absoluteMs, idleMs, sessionEnd } from './session_rules';

/** A session as lists read it; its secret is not among the columns. */
export type SessionRow = {
  id: string;
  /** the moment as PostgreSQL writes it, which is finer than a millisecond */
  made: string;
  device_context: Session['deviceContext'];
  user_agent: string | null;
  ip_address: string | null;
  created_at: number;
  updated_at: number;
  expires_at: number;
};

/** The columns of a {@link SessionRow}, of `auth_sessions s`. */
export const sessionColumns = `
  s.id, s.created_at::text as made, s.device_context, s.user_agent, s.ip_address,
  round(extract(epoch from s.created_at) * 1000)::float8 as created_at,
  round(extract(epoch from s.updated_at) * 1000)::float8 as updated_at,
  round(extract(epoch from s.expires_at) * 1000)::float8 as expires_at`;

/** That `auth_sessions s` stands by the rules of `session_rules.ts`: what is over waits there to be swept. */
export const sessionStands = `
  s.expires_at > now() and s.created_at > now() - ${absoluteMs} * interval '1 ms'
  and (s.device_context = 'personal' or s.updated_at > now() - ${idleMs} * interval '1 ms')`;

/** What a session says of itself. */
export function sessionOf(row: SessionRow): Omit<Session, '__type' | 'current'> {
  const { device_context: deviceContext, created_at: createdAt, updated_at: updatedAt } = row;
  const times = { createdAt, updatedAt, expiresAt: row.expires_at, deviceContext };
  return {
    authSessionId: idFromUuid('authsession', row.id),
    deviceContext,
    userAgent: row.user_agent,
    address: row.ip_address,
    signedInAt: createdAt,
    lastSeenAt: updatedAt,
    endsAt: sessionEnd(times),
  };
}
