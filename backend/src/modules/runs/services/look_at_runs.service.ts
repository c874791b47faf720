import { abilityFor, may } from '@raptscallions/policies/ability';
import type { RunStatus } from '@raptscallions/zod-schemas/chat.zod';
import { idFromUuid, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../../db/db';
import { prepareSql } from '../../../db/prepared_sql';
import { runSql } from '../../../db/run_sql';
import { storedIds } from '../../../db/stored_id';
import { sessionStands } from '../../auth/session_rows';
import { type ActorRow, actorColumns, actorOf } from '../../users/services/load_actor.service';

export type RunReader = {
  tenantId: TenantId;
  userId: UserId;
  authSessionId: RichId<'authsession'>;
  runId: RichId<'run'>;
};
/** `hidden`: there is none that this person may read. `signed_out`: the sign-in by which they read it is over. */
export type RunState = 'hidden' | 'signed_out' | 'open' | { endedAttempt: number };

const lookSql = prepareSql(
  'look_at_runs',
  `
  select w.place::int, r.user_id, r.class_id, r.status, r.attempt, ${actorColumns},
    exists (select from auth_sessions s where s.id = w.auth_session_id and s.user_id = w.user_id
      and ${sessionStands}) as signed_in
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[]) with ordinality
    w(tenant_id, user_id, run_id, auth_session_id, place)
  join runs r on r.tenant_id = w.tenant_id and r.run_id = w.run_id and r.deleted_at is null
  join users u on u.tenant_id = w.tenant_id and u.user_id = w.user_id and u.status = 'active' and u.deleted_at is null`,
);

type Row = ActorRow & {
  place: number;
  user_id: string;
  class_id: string | null;
  status: RunStatus;
  attempt: number;
  signed_in: boolean;
};

/**
 * How far runs are, for people who watch them, if they may; one statement for all. A run that is hidden is left out.
 * @param db of the system role: they may be of many schools
 */
export async function lookAtRuns<Reader extends RunReader>(
  db: Db,
  readers: Reader[],
): Promise<Map<Reader, RunState>> {
  const rows = await runSql<Row>(db, lookSql, [
    storedIds(readers.map(({ tenantId }) => tenantId)),
    storedIds(readers.map(({ userId }) => userId)),
    storedIds(readers.map(({ runId }) => runId)),
    storedIds(readers.map(({ authSessionId }) => authSessionId)),
  ]);
  const states = new Map<Reader, RunState>();
  for (const row of rows) {
    const reader = readers[row.place - 1];
    if (!reader) continue;
    if (!row.signed_in) {
      states.set(reader, 'signed_out');
      continue;
    }
    const run = {
      userId: idFromUuid('user', row.user_id),
      classId: row.class_id === null ? null : idFromUuid('class', row.class_id),
      hidden: false,
    };
    if (!may(abilityFor(actorOf(reader.userId, row)), 'read', 'Run', run)) continue;
    const open = row.status === 'pending' || row.status === 'processing';
    states.set(reader, open ? 'open' : { endedAttempt: row.attempt });
  }
  return states;
}
