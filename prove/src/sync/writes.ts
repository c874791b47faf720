import { newId } from '@raptscallions/zod-schemas/rich_id';
import { systemTenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type pg from 'pg';
import type { WriteKind } from './operations';
import { pick } from './pick';
import type { School } from './school';
import { uuidOf } from './sight';

export type Query = (text: string, values: unknown[]) => Promise<pg.QueryResult>;

/** What the numbers of an operation fall on, as uuids, and what must be remembered between operations. */
export type Target = {
  tenant: string;
  school: School;
  classes: readonly string[];
  classId: string;
  groupId: string;
  /** anybody but the administrator */
  person: string;
  one: number;
  two: number;
  /** how many writes there have been: for words that were never written before */
  count: number;
  left: { id: string; classId: string; userId: string; role: string }[];
};

/** A digit of the number that the choice of person does not depend on. */
const chance = (choice: number) => (choice * 997) % 1;

export async function writePair(query: Query, { tenant, classes, one, count }: Target): Promise<void> {
  const half = one < 0.5 ? 0 : 2;
  for (const classId of classes.slice(half, half + 2)) {
    await query('update classes set subject = $3 where tenant_id = $1 and class_id = $2', [
      tenant,
      classId,
      `lesson ${count}`,
    ]);
  }
}

/** What is put away or brought back; what became of it meanwhile decides. */
const setDeleted = (table: string, key: string, deleted: boolean) =>
  `update ${table} set deleted_at = ${deleted ? 'now()' : 'null'} where tenant_id = $1 and ${key} = $2
   and deleted_at is ${deleted ? '' : 'not '}null`;

/** Each in a transaction of its own. */
export const writes: Record<
  Exclude<WriteKind, 'beginLong' | 'endLong' | 'failover' | 'purge'>,
  (query: Query, target: Target) => Promise<unknown>
> = {
  pair: writePair,
  rollback: async (query, target) => {
    await writePair(query, target);
    throw new Error('changed our mind');
  },
  joinClass: (query, { tenant, classId, person, two }) =>
    query(
      `insert into class_members (tenant_id, class_member_id, class_id, user_id, role)
       values ($1, $2, $3, $4, $5) on conflict do nothing`,
      [tenant, uuidOf(newId('classmember')), classId, person, chance(two) < 0.3 ? 'teacher' : 'student'],
    ),
  leaveClass: async (query, { tenant, classId, person, left }) => {
    const { rows } = await query(
      `delete from class_members where tenant_id = $1 and class_id = $2 and user_id = $3
       returning class_member_id, role`,
      [tenant, classId, person],
    );
    for (const row of rows) left.push({ id: row.class_member_id, classId, userId: person, role: row.role });
  },
  rejoinClass: async (query, { tenant, left }) => {
    const former = left.pop();
    if (!former) return;
    await query(
      `insert into class_members (tenant_id, class_member_id, class_id, user_id, role)
       values ($1, $2, $3, $4, $5) on conflict do nothing`,
      [tenant, former.id, former.classId, former.userId, former.role],
    );
  },
  joinGroup: (query, { tenant, groupId, person, two }) =>
    query(
      `insert into group_members (tenant_id, group_member_id, group_id, user_id, role)
       values ($1, $2, $3, $4, $5) on conflict do nothing`,
      [
        tenant,
        uuidOf(newId('groupmember')),
        groupId,
        person,
        pick(['teacher', 'teacher', 'group_admin', 'student'], chance(two)),
      ],
    ),
  leaveGroup: (query, { tenant, groupId, person }) =>
    query('delete from group_members where tenant_id = $1 and group_id = $2 and user_id = $3', [
      tenant,
      groupId,
      person,
    ]),
  changeRole: (query, { tenant, person }) =>
    query(
      `update class_members set role = (case when role = 'teacher' then 'student' else 'teacher' end)::class_role
       where tenant_id = $1 and user_id = $2`,
      [tenant, person],
    ),
  archive: (query, { tenant, classId }) => query(setDeleted('classes', 'class_id', true), [tenant, classId]),
  restore: (query, { tenant, classId }) => query(setDeleted('classes', 'class_id', false), [tenant, classId]),
  moveClass: (query, { tenant, classId, school, two }) =>
    query('update classes set group_id = $3 where tenant_id = $1 and class_id = $2', [
      tenant,
      classId,
      uuidOf(pick(school.groups, two)),
    ]),
  // The first school comes to stand below the second one, or beside it again.
  moveGroup: (query, { tenant, school }) =>
    query(
      `update groups g set path = case when nlevel(g.path) = 2 then o.path || subpath(g.path, 1)
         else subpath(g.path, 0, 1) || subpath(g.path, 2) end
       from groups o where g.tenant_id = $1 and g.group_id = $2 and o.tenant_id = $1 and o.group_id = $3`,
      [tenant, ...school.groups.map(uuidOf)],
    ),
  claim: async (query, { tenant }) => {
    const { rows } = await query(
      `update runs set status = 'processing', attempt = attempt + 1, started_at = now()
       where (tenant_id, run_id) in (
         select tenant_id, run_id from runs where tenant_id = $1 and kind = 'chat' and status = 'pending' limit 1)
       returning message_id`,
      [tenant],
    );
    for (const row of rows)
      await query('update messages set shown_to_staff = true where tenant_id = $1 and message_id = $2', [
        tenant,
        row.message_id,
      ]);
  },
  answer: async (query, { tenant, count }) => {
    const { rows } = await query(
      `update runs set status = 'completed', finished_at = now()
       where (tenant_id, run_id) in (
         select tenant_id, run_id from runs where tenant_id = $1 and kind = 'chat' and status in ('pending', 'processing') limit 1)
       returning *`,
      [tenant],
    );
    for (const run of rows) {
      await query(
        `insert into messages (tenant_id, message_id, chat_session_id, user_id, class_id, run_id, seq, role,
           text, shown_to_staff)
         values ($1, $2, $3, $4, $5, $6, $7, 'assistant', $8, true)`,
        [
          tenant,
          run.answer_message_id,
          run.chat_session_id,
          run.user_id,
          run.class_id,
          run.run_id,
          run.answer_seq,
          `because ${count}`,
        ],
      );
      await query(
        `insert into message_notes (tenant_id, message_note_id, chat_session_id, message_id, user_id, class_id,
           module, kind, severity, label)
         values ($1, $2, $3, $4, $5, $6, 'struggle', 'struggle', 'info', $7)`,
        [
          tenant,
          uuidOf(newId('note')),
          run.chat_session_id,
          run.message_id,
          run.user_id,
          run.class_id,
          `note ${count}`,
        ],
      );
      await query(
        'update chat_sessions set last_message_at = now() where tenant_id = $1 and chat_session_id = $2',
        [tenant, run.chat_session_id],
      );
    }
  },
  changeTool: async (query, { tenant, school, groupId, one, two, count }) => {
    const { toolId, toolVersionId } = school.tools[0];
    const change = pick(['name', 'group', 'author', 'away', 'back'] as const, one);
    const owner = pick([school.teacher, school.admin, null], two);
    for (const [table, key, id] of [
      ['tools', 'tool_id', toolId],
      ['tool_versions', 'tool_version_id', toolVersionId],
      ['tool_sources', 'tool_version_id', toolVersionId],
    ] as const) {
      const ids = [tenant, uuidOf(id)];
      const where = `where tenant_id = $1 and ${key} = $2`;
      if (change === 'group') await query(`update ${table} set group_id = $3 ${where}`, [...ids, groupId]);
      else if (change === 'author')
        await query(`update ${table} set owner_user_id = $3 ${where}`, [...ids, owner && uuidOf(owner)]);
      else if (change === 'name') {
        if (table === 'tools') await query(`update tools set name = $3 ${where}`, [...ids, `Coach ${count}`]);
      } else if (table === 'tools') await query(setDeleted(table, key, change === 'away'), ids);
    }
  },
  changeEverybodysTool: async (query, { school, one, count }) => {
    const { toolId, toolVersionId } = school.tools[1];
    const tenant = uuidOf(systemTenantId);
    const change = pick(['name', 'away', 'back', 'draft', 'published'] as const, one);
    if (change === 'draft' || change === 'published')
      await query(
        'update tool_versions set status = $3::tool_version_status where tenant_id = $1 and tool_version_id = $2',
        [tenant, uuidOf(toolVersionId), change],
      );
    else if (change === 'name')
      await query('update tools set name = $3 where tenant_id = $1 and tool_id = $2', [
        tenant,
        uuidOf(toolId),
        `Everybody’s ${count}`,
      ]);
    else await query(setDeleted('tools', 'tool_id', change === 'away'), [tenant, uuidOf(toolId)]);
  },
  fillIn: async (query, { tenant, school, classId, person, two }) => {
    const runId = uuidOf(newId('run'));
    const { toolId, toolVersionId } = school.tools[0];
    const isInClass = chance(two) < 0.8;
    await query(
      `insert into runs (tenant_id, run_id, kind, user_id, class_id, tool_version_id)
       values ($1, $2, 'product', $3, $4, $5)`,
      [tenant, runId, person, isInClass ? classId : null, uuidOf(toolVersionId)],
    );
    await query(
      `insert into product_results (tenant_id, run_id, user_id, class_id, tool_id, tool_version_id, input)
       values ($1, $2, $3, $4, $5, $6, '{"topic": "sky"}')`,
      [tenant, runId, person, isInClass ? classId : null, uuidOf(toolId), uuidOf(toolVersionId)],
    );
  },
  changeResult: (query, { tenant, one, count }) =>
    query(
      `update product_results set ${pick(
        ['shown_to_staff = true', 'hidden_at = now()', 'hidden_at = null', `output = '{"text": "${count}"}'`],
        one,
      )} where (tenant_id, run_id) in (
         select tenant_id, run_id from product_results where tenant_id = $1 limit 1)`,
      [tenant],
    ),
  noteForm: async (query, target) => {
    const { tenant, school, one, two, count } = target;
    const notes = await query(
      `select message_note_id from message_notes where tenant_id = $1 and run_id is not null order by message_note_id`,
      [tenant],
    );
    const change = pick(['note', 'note', 'acknowledge', 'away', 'back'] as const, one);
    if (change === 'note' || notes.rows.length === 0) return noteSome(query, target, `form ${count}`);
    const ids = [tenant, pick(notes.rows, two).message_note_id];
    if (change === 'acknowledge')
      await query(
        `update message_notes set acknowledged_at = now(), acknowledged_by_user_id = $3
         where tenant_id = $1 and message_note_id = $2 and acknowledged_at is null`,
        [...ids, uuidOf(school.teacher)],
      );
    else await query(setDeleted('message_notes', 'message_note_id', change === 'away'), ids);
  },
  withdraw: (query, { tenant, classId }) =>
    query(setDeleted('assignments', 'class_id', true), [tenant, classId]),
  giveAgain: (query, { tenant, classId }) =>
    query(setDeleted('assignments', 'class_id', false), [tenant, classId]),
};

/** A module notes something about one of the forms; where there is none yet, somebody fills one in first. */
async function noteSome(query: Query, target: Target, label: string): Promise<void> {
  const { tenant, two } = target;
  const read = () =>
    query('select run_id, user_id, class_id from product_results where tenant_id = $1 order by run_id', [
      tenant,
    ]);
  let forms = await read();
  if (forms.rows.length === 0) {
    await writes.fillIn(query, target);
    forms = await read();
  }
  const form = pick(forms.rows, two);
  await query(
    `insert into message_notes (tenant_id, message_note_id, run_id, user_id, class_id, module, kind, severity, label)
     values ($1, $2, $3, $4, $5, 'struggle', 'struggle', 'info', $6)`,
    [tenant, uuidOf(newId('note')), form.run_id, form.user_id, form.class_id, label],
  );
}
