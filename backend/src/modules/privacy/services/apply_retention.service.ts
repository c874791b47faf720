import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';

/** At most so many at once, so that no transaction is long. */
const atOnce = 200;

/**
 * How long chats and results are kept is said by the nearest group, upwards from that of the class (or, for a
 * trial, of the tool), that says anything; where none does they are kept until the school decides.
 */
const dueSql = `
  with kept as (
    select g.tenant_id, g.group_id, (
      select (a.settings->>'retentionDays')::int from groups a
      where a.tenant_id = g.tenant_id and a.path @> g.path and a.settings->>'retentionDays' is not null
      order by nlevel(a.path) desc limit 1) as days
    from groups g
  )`;

const dueChatsSql = `${dueSql}
  select s.tenant_id, s.chat_session_id as id from chat_sessions s
  left join classes c on c.tenant_id = s.tenant_id and c.class_id = s.class_id
  left join tool_versions v on v.tenant_id = s.tenant_id and v.tool_version_id = s.tool_version_id
  join kept k on k.tenant_id = s.tenant_id and k.group_id = coalesce(c.group_id, v.group_id)
  where k.days is not null and coalesce(s.last_message_at, s.created_at) < now() - k.days * interval '1 day'
  limit ${atOnce}`;

const dueRunsSql = `${dueSql}
  select r.tenant_id, r.run_id as id from runs r
  left join classes c on c.tenant_id = r.tenant_id and c.class_id = r.class_id
  left join tool_versions v on v.tenant_id = r.tenant_id and v.tool_version_id = r.tool_version_id
  join kept k on k.tenant_id = r.tenant_id and k.group_id = coalesce(c.group_id, v.group_id)
  where r.chat_session_id is null and k.days is not null and r.created_at < now() - k.days * interval '1 day'
    and r.status not in ('pending', 'processing')
  limit ${atOnce}`;

const ofChats = '(tenant_id, chat_session_id) in (select * from unnest($1::uuid[], $2::uuid[]))';
const ofRuns = '(tenant_id, run_id) in (select * from unnest($1::uuid[], $2::uuid[]))';
const runsOfChats = `(tenant_id, run_id) in (select tenant_id, run_id from runs where ${ofChats})`;
const tablesOfRuns = [
  'message_notes',
  'run_originals',
  'run_original_views',
  'hook_verdicts',
  'product_views',
  'product_results',
  'run_prompt_views',
  'run_prompts',
  'run_chunks',
  'run_leases',
];

/**
 * Erases chats and results that are older than their group keeps them, with everything that hangs on them; what
 * they cost stays in the books.
 * @param db of the system role
 * @returns how many chats and results; the rest goes the next time
 */
export async function applyRetention(db: Db): Promise<number> {
  if (!(await isAnythingLimited(db))) return 0;
  return db.$transaction(async () => {
    const chats = await due(db, dueChatsSql);
    for (const table of tablesOfRuns)
      await runSql(db, `delete from ${table} where ${runsOfChats}`, chats.values);
    for (const table of [
      'hook_verdicts',
      'message_notes',
      'transcript_views',
      'messages',
      'runs',
      'chat_sessions',
    ])
      await runSql(db, `delete from ${table} where ${ofChats}`, chats.values);
    const runs = await due(db, dueRunsSql);
    for (const table of [...tablesOfRuns, 'runs'])
      await runSql(db, `delete from ${table} where ${ofRuns}`, runs.values);
    return chats.count + runs.count;
  });
}

async function isAnythingLimited(db: Db): Promise<boolean> {
  const [row] = await runSql<{ limited: boolean }>(
    db,
    `select exists (select from groups where settings->>'retentionDays' is not null) as limited`,
  );
  return row?.limited ?? false;
}

async function due(db: Db, text: string) {
  const rows = await runSql<{ tenant_id: string; id: string }>(db, text);
  return { count: rows.length, values: [rows.map((row) => row.tenant_id), rows.map(({ id }) => id)] };
}
