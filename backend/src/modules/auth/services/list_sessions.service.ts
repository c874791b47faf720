import type { ListSessionsInputZod, SessionListZod } from '@raptscallions/zod-schemas/auth.zod';
import { authSessionId } from '@raptscallions/zod-schemas/auth.zod';
import { idFromUuid } from '@raptscallions/zod-schemas/rich_id';
import { z } from 'zod';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import { decodeListCursor, encodeListCursor } from '../../../lib/list_cursor';
import type { App, SignedIn } from '../../../procedures/context';
import { type SessionRow, sessionColumns, sessionOf, sessionStands } from '../session_rows';

const PlaceZod = z.object({
  limit: z.int().min(1).max(100),
  after: z.tuple([z.string().max(40), authSessionId]).optional(),
});

const listSql = `
  select ${sessionColumns} from auth_sessions s
  where s.user_id = $1 and ${sessionStands}
    and ($2::timestamptz is null or (s.created_at, s.id) < ($2, $3::uuid))
  order by s.created_at desc, s.id desc limit $4`;

/** Where a person is signed in, the newest first: what each session says of itself, and never its secret. */
export async function listSessions(
  { systemDb }: Pick<App, 'systemDb'>,
  { userId, authSessionId: current }: Pick<SignedIn, 'userId' | 'authSessionId'>,
  input: z.output<typeof ListSessionsInputZod>,
): Promise<z.output<typeof SessionListZod>> {
  const { limit, after } = decodeListCursor(PlaceZod, input);
  const rows = await runSql<SessionRow>(systemDb, listSql, [
    storedId(userId),
    after?.[0] ?? null,
    after ? storedId(after[1]) : null,
    limit + 1,
  ]);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const items = shown.map((row) => {
    const session = sessionOf(row);
    return { __type: 'Session' as const, ...session, current: session.authSessionId === current };
  });
  const more = rows.length > limit && last;
  const cursor = more
    ? encodeListCursor({ limit, after: [last.made, idFromUuid('authsession', last.id)] })
    : null;
  return { __type: 'SessionList', items, cursor };
}
