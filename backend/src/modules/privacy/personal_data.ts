/**
 * Where people stand in the database: for every table with a column that leads to a person, which rows are whose,
 * what an export shows, and what an erasure does. A test holds it against the schema, so that no table is
 * forgotten. In the order of an erasure: what refers to rows comes before them.
 *
 * In `of` and `clear`, `$1` is the tenant and `$2` the person, as uuids, and `t` the row.
 */
export type PersonalData = {
  table: string;
  of: string;
  /** shown in the export; `without` leaves out columns that are secrets of the installation */
  exported: boolean;
  without?: string[];
  /** the rows go, or only what leads from them to the person: the assignments of an UPDATE */
  erase: 'delete' | { clear: string };
};

/** Trails of who looked at what: the app's own role may only add to them, so the system erases in them. */
export const trails = new Set([
  'transcript_views',
  'product_views',
  'run_original_views',
  'run_prompt_views',
  'audit_entries',
]);

const ofOwnRun = 't.run_id in (select run_id from runs where tenant_id = $1 and user_id = $2)';
const ofOwnChat =
  't.chat_session_id in (select chat_session_id from chat_sessions where tenant_id = $1 and user_id = $2)';
const own = 't.user_id = $2';
/** Of names that stand in text: the person's own, as it is now. */
const nameOfPerson = '(select name from users where tenant_id = $1 and user_id = $2)';
const ofTheirRef = `exists (select from external_refs r where r.tenant_id = t.tenant_id
  and r.entity = 'user' and r.internal_id = $2 and (r.sourced_id = t.sourced_id or r.sourced_id = t.person_sourced_id))`;
const diffOfTheirRef = `exists (select from external_refs r where r.tenant_id = t.tenant_id
  and r.entity = 'user' and r.internal_id = $2 and r.sourced_id = t.sourced_id)`;

/** Books and trails keep their rows; whose they were is no longer told, only that they were one person's. */
const pseudonym = (column: string) => ({ clear: `${column} = $3` });

export const personalData: PersonalData[] = [
  { table: 'message_notes', of: `(${own} or ${ofOwnChat})`, exported: true, erase: 'delete' },
  {
    // A note is about the pupil; that this person took it on is in the audit log.
    table: 'message_notes',
    of: 't.acknowledged_by_user_id = $2',
    exported: false,
    erase: pseudonym('acknowledged_by_user_id'),
  },
  { table: 'run_originals', of: ofOwnRun, exported: true, erase: 'delete' },
  { table: 'run_original_views', of: ofOwnRun, exported: true, erase: 'delete' },
  {
    table: 'run_original_views',
    of: 't.viewer_user_id = $2',
    exported: true,
    erase: pseudonym('viewer_user_id'),
  },
  { table: 'hook_verdicts', of: `(${ofOwnRun} or ${ofOwnChat})`, exported: true, erase: 'delete' },
  { table: 'product_views', of: ofOwnRun, exported: true, erase: 'delete' },
  { table: 'product_views', of: 't.viewer_user_id = $2', exported: true, erase: pseudonym('viewer_user_id') },
  { table: 'product_results', of: own, exported: true, erase: 'delete' },
  { table: 'run_prompt_views', of: ofOwnRun, exported: true, erase: 'delete' },
  {
    table: 'run_prompt_views',
    of: 't.viewer_user_id = $2',
    exported: true,
    erase: pseudonym('viewer_user_id'),
  },
  { table: 'run_prompts', of: ofOwnRun, exported: true, erase: 'delete' },
  { table: 'run_chunks', of: ofOwnRun, exported: false, erase: 'delete' },
  { table: 'run_leases', of: own, exported: false, erase: 'delete' },
  { table: 'usage_entries', of: own, exported: true, erase: pseudonym('user_id') },
  { table: 'transcript_views', of: ofOwnChat, exported: true, erase: 'delete' },
  {
    table: 'transcript_views',
    of: 't.viewer_user_id = $2',
    exported: true,
    erase: pseudonym('viewer_user_id'),
  },
  { table: 'messages', of: own, exported: true, erase: 'delete' },
  { table: 'runs', of: own, exported: true, erase: 'delete' },
  { table: 'chat_sessions', of: own, exported: true, erase: 'delete' },
  {
    table: 'chat_sessions',
    of: 't.paused_by_user_id = $2',
    exported: false,
    erase: { clear: 'paused_by_user_id = null' },
  },
  { table: 'notifications', of: own, exported: true, erase: 'delete' },
  {
    // What others were told of this person.
    table: 'notifications',
    of: `exists (select from jsonb_each_text(t.data) d where d.value = ${nameOfPerson})`,
    exported: false,
    erase: 'delete',
  },
  { table: 'sign_in_links', of: own, exported: true, without: ['token_hash'], erase: 'delete' },
  {
    table: 'sync_refusals',
    of: 't.sync_client_id in (select sync_client_id from sync_clients where tenant_id = $1 and user_id = $2)',
    exported: true,
    erase: 'delete',
  },
  { table: 'sync_clients', of: own, exported: true, erase: 'delete' },
  { table: 'class_members', of: own, exported: true, erase: 'delete' },
  { table: 'group_members', of: own, exported: true, erase: 'delete' },
  // Somebody else may be using the tool: it stays, and nobody wrote it.
  ...['tools', 'tool_versions', 'tool_sources'].map((table) => ({
    table,
    of: 't.owner_user_id = $2',
    exported: true,
    erase: { clear: 'owner_user_id = null' },
  })),
  {
    table: 'assignments',
    of: 't.assigned_by_user_id = $2',
    exported: true,
    erase: { clear: 'assigned_by_user_id = null' },
  },
  {
    table: 'module_settings',
    of: 't.updated_by_user_id = $2',
    exported: true,
    erase: { clear: 'updated_by_user_id = null' },
  },
  {
    table: 'roster_runs',
    of: '(t.requested_by_user_id = $2 or t.decided_by_user_id = $2)',
    exported: false,
    erase: {
      clear: `requested_by_user_id = nullif(requested_by_user_id, $2),
        decided_by_user_id = nullif(decided_by_user_id, $2)`,
    },
  },
  { table: 'roster_diffs', of: diffOfTheirRef, exported: true, erase: 'delete' },
  {
    table: 'external_refs',
    of: `t.entity <> 'user' and ${ofTheirRef}`,
    exported: true,
    erase: 'delete',
  },
  // A feed that names the person again makes a new one, of whom nothing is known.
  { table: 'external_refs', of: `t.entity = 'user' and t.internal_id = $2`, exported: true, erase: 'delete' },
  {
    table: 'audit_entries',
    of: '(t.actor_user_id = $2 or t.subject_user_id = $2)',
    exported: true,
    erase: {
      clear: `actor_user_id = nullif(actor_user_id, $2), subject_user_id = nullif(subject_user_id, $2),
        details = details - 'userId' - case when subject_user_id = $2 then 'duplicateUserId' else '' end`,
    },
  },
  { table: 'user_contacts', of: own, exported: true, erase: 'delete' },
  { table: 'users', of: own, exported: true, erase: 'delete' },
];

/** Tables with such a column that hold nothing about anybody, each with its reason. */
export const impersonalTables: Record<string, string> = {
  sync_entry:
    'Says which rows changed, by their ids, so that devices drop what is gone; purged after 30 days.',
  erasures: 'Receipts: a hash of an id that nobody holds any more.',
};
