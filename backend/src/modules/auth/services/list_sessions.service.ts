import type { ListSessionsInputZod, SessionListZod } from '@raptscallions/zod-schemas/auth.zod';
import { authSessionId } from '@raptscallions/zod-schemas/auth.zod';
import { idFromUuid } from '@raptscallions/zod-schemas/rich_id';
import { z } from 'zod';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import { decodeListCursor, encodeListCursor } from '../../../lib/list_cursor';
import type { App, SignedIn } from '../../../procedures/context';
import { sessionEnd } from '../session_rules';

const PlaceZod = z.object({
  limit: z.int().min(1).max(100),
  /** the moment as PostgreSQL writes it, which is finer than a millisecond */
  after: z.tuple([z.string().max(40), authSessionId]).optional(),
});

type Row = {
  id: string;
  made: string;
  device_context: 'personal' | 'shared' | 'unknown';
  user_agent: string | null;
  ip_address: string | null;
  created_at: number;
  updated_at: number;
  expires_at: number;
};

const listSql = `
  select id, created_at::text as made, device_context, user_agent, ip_address,
    extract(epoch from created_at)::float8 * 1000 as created_at,
    extract(epoch from updated_at)::float8 * 1000 as updated_at,
    extract(epoch from expires_at)::float8 * 1000 as expires_at
  from auth_sessions where user_id = $1 and expires_at > now()
    and ($2::timestamptz is null or (created_at, id) < ($2, $3::uuid))
  order by created_at desc, id desc limit $4`;

/** Where a person is signed in, the newest first: what each session says of itself, and never its secret. */
export async function listSessions(
  { systemDb }: Pick<App, 'systemDb'>,
  { userId, authSessionId: current }: Pick<SignedIn, 'userId' | 'authSessionId'>,
  input: z.output<typeof ListSessionsInputZod>,
): Promise<z.output<typeof SessionListZod>> {
  const { limit, after } = decodeListCursor(PlaceZod, input);
  const rows = await runSql<Row>(systemDb, listSql, [
    storedId(userId),
    after?.[0] ?? null,
    after ? storedId(after[1]) : null,
    limit + 1,
  ]);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const items = shown.flatMap((row) => {
    const [createdAt, updatedAt, expiresAt] = [row.created_at, row.updated_at, row.expires_at].map(
      Math.round,
    );
    const times = { createdAt: createdAt ?? 0, updatedAt: updatedAt ?? 0, expiresAt: expiresAt ?? 0 };
    const endsAt = sessionEnd({ ...times, deviceContext: row.device_context });
    // Over by our rules and not swept yet.
    if (endsAt <= Date.now()) return [];
    const id = idFromUuid('authsession', row.id);
    return [
      {
        __type: 'Session' as const,
        authSessionId: id,
        current: id === current,
        deviceContext: row.device_context,
        userAgent: row.user_agent,
        address: row.ip_address,
        signedInAt: times.createdAt,
        lastSeenAt: times.updatedAt,
        endsAt,
      },
    ];
  });
  const more = rows.length > limit && last;
  const cursor = more
    ? encodeListCursor({ limit, after: [last.made, idFromUuid('authsession', last.id)] })
    : null;
  return { __type: 'SessionList', items, cursor };
}
