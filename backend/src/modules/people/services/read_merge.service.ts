import { mayManageSignIn } from '@raptscallions/policies/sign_in';
import type { GroupRole } from '@raptscallions/zod-schemas/group.zod';
import type {
  MergeConflict,
  MergePeopleInputZod,
  PersonMerge,
} from '@raptscallions/zod-schemas/person_merge.zod';
import type { z } from 'zod';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import type { CommandContext } from '../../../procedures/context';
import { withSignIn } from '../../auth/services/with_sign_in.service';
import { movedData } from '../moved_data';

const membersOf = (table: string, place: string, names: string) => `
  select p.name, k.role::text as kept, d.role::text as duplicate from ${table} k
  join ${table} d on d.tenant_id = $1 and d.user_id = $3 and d.${place} = k.${place} and d.role <> k.role
  join ${names} p on p.tenant_id = $1 and p.${place} = k.${place}
  where k.tenant_id = $1 and k.user_id = $2 order by p.name limit 200`;

/** Published under one name, version and group by both: as one person's they would be one too many. */
const sameTools = `select k.slug as name from tool_versions k
  join tool_versions d on d.tenant_id = $1 and d.owner_user_id = $3 and d.slug = k.slug and d.version = k.version
    and d.group_id is not distinct from k.group_id and d.status = 'published' and d.deleted_at is null
  where k.tenant_id = $1 and k.owner_user_id = $2 and k.status = 'published' and k.deleted_at is null limit 1`;

/**
 * What a merge of two accounts would do, and what stands in its way.
 * @throws AppError NOT_FOUND unless both are the actor's to look after
 */
export async function readMerge(
  ctx: CommandContext,
  { userId, duplicateUserId }: z.output<typeof MergePeopleInputZod>,
): Promise<PersonMerge> {
  const { db, app, tenantId } = ctx;
  const kept = await withSignIn(ctx, userId, mayManageSignIn);
  const duplicate = await withSignIn(ctx, duplicateUserId, mayManageSignIn);
  const ids = [storedId(tenantId), storedId(userId), storedId(duplicateUserId)];

  const moves: Record<string, number> = {};
  for (const { table, column, called } of movedData) {
    const [found] = await runSql<{ n: number }>(
      db,
      `select count(*)::int as n from ${table} where tenant_id = $1 and ${column} = $2`,
      [storedId(tenantId), storedId(duplicateUserId)],
    );
    if (found && found.n > 0) moves[called] = found.n;
  }
  const counted = await runSql<{ classes: number; groups: number; records: number }>(
    db,
    `select (select count(*)::int from class_members where tenant_id = $1 and user_id = $2) as classes,
      (select count(*)::int from group_members where tenant_id = $1 and user_id = $2) as groups,
      (select count(*)::int from external_refs where tenant_id = $1 and entity = 'user' and internal_id = $2) as records`,
    [storedId(tenantId), storedId(duplicateUserId)],
  );
  const { classes = 0, groups = 0, records = 0 } = counted[0] ?? {};
  for (const [called, n] of Object.entries({ classes, groups, 'roster records': records })) {
    if (n > 0) moves[called] = n;
  }

  const conflicts: MergeConflict[] = [];
  type Both = { name: string; kept: GroupRole; duplicate: GroupRole };
  for (const both of await runSql<Both>(db, membersOf('class_members', 'class_id', 'classes'), ids)) {
    conflicts.push({ kind: 'class', ...both });
  }
  for (const both of await runSql<Both>(db, membersOf('group_members', 'group_id', 'groups'), ids)) {
    conflicts.push({ kind: 'group', ...both });
  }
  for (const kind of ['email', 'username'] as const) {
    const [one, other] = [kept[kind], duplicate[kind]];
    if (one !== null && other !== null) conflicts.push({ kind, kept: one, duplicate: other });
  }
  const ways = await runSql<{ user_id: string; provider_id: string }>(
    app.systemDb,
    'select user_id, provider_id from auth_accounts where user_id = any ($1::uuid[])',
    [[storedId(userId), storedId(duplicateUserId)]],
  );
  if (ways.filter(({ provider_id }) => provider_id === 'credential').length === 2) {
    conflicts.push({ kind: 'password' });
  }
  moves['ways to sign in'] = ways.filter(({ user_id }) => user_id === storedId(duplicateUserId)).length;
  if (conflicts.some(({ kind }) => kind === 'password')) moves['ways to sign in'] -= 1;
  if (moves['ways to sign in'] === 0) delete moves['ways to sign in'];

  const [tool] = await runSql<{ name: string }>(db, sameTools, ids);
  const [busy] = await runSql(
    db,
    `select from runs where tenant_id = $1 and user_id = $2 and status in ('pending', 'processing') limit 1`,
    [storedId(tenantId), storedId(duplicateUserId)],
  );
  const blockedBecause = tool
    ? `Both published a tool called ${tool.name} in one place. Archive one of them first.`
    : busy
      ? `An answer for ${duplicate.name} is on its way. Try again when it is there.`
      : null;
  return { __type: 'PersonMerge', userId, duplicateUserId, moves, conflicts, blockedBecause };
}
