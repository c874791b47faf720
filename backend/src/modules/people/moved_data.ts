/**
 * What belongs to a person and goes along when two accounts of one person become one: the column that names them, and
 * what it is called where people read it. Memberships, addresses and sign-ins have rules of their own. Trails of who
 * looked at what, and the audit log, say for ever which account it was. A test holds this against the schema.
 */
export const movedData: { table: string; column: string; called: string }[] = [
  { table: 'chat_sessions', column: 'user_id', called: 'chats' },
  { table: 'chat_sessions', column: 'paused_by_user_id', called: 'chats paused' },
  { table: 'messages', column: 'user_id', called: 'messages' },
  { table: 'message_notes', column: 'user_id', called: 'notes' },
  { table: 'message_notes', column: 'acknowledged_by_user_id', called: 'notes taken on' },
  { table: 'runs', column: 'user_id', called: 'answers' },
  { table: 'run_leases', column: 'user_id', called: 'answers under way' },
  { table: 'product_results', column: 'user_id', called: 'results' },
  { table: 'usage_entries', column: 'user_id', called: 'calls of the AI' },
  { table: 'tools', column: 'owner_user_id', called: 'tools' },
  { table: 'tool_versions', column: 'owner_user_id', called: 'versions of tools' },
  { table: 'tool_sources', column: 'owner_user_id', called: 'texts of tools' },
  { table: 'assignments', column: 'assigned_by_user_id', called: 'assignments given' },
  { table: 'module_settings', column: 'updated_by_user_id', called: 'settings of modules' },
  { table: 'roster_runs', column: 'requested_by_user_id', called: 'roster runs' },
  { table: 'roster_runs', column: 'decided_by_user_id', called: 'roster decisions' },
];

/** Columns that name people and stay as they are, each with its reason. */
export const unmovedData: Record<string, string> = {
  'users.user_id': 'The two accounts themselves.',
  'user_contacts.user_id': 'Addresses: what the other one lacks goes along.',
  'class_members.user_id': 'Memberships: of two in one class one stays.',
  'group_members.user_id': 'Memberships: of two in one group one stays.',
  'external_refs.internal_id': 'Records of rosters: they lead to the account that stays.',
  'audit_entries.actor_user_id': 'The log says which account it was.',
  'audit_entries.subject_user_id': 'The log says which account it was.',
  'transcript_views.viewer_user_id': 'A trail says which account it was.',
  'product_views.viewer_user_id': 'A trail says which account it was.',
  'run_original_views.viewer_user_id': 'A trail says which account it was.',
  'run_prompt_views.viewer_user_id': 'A trail says which account it was.',
  'notifications.user_id': 'What one account was told is not told again to the other.',
  'sign_in_links.user_id': 'Links into the account that is closed end.',
  'sync_clients.user_id': 'Devices of the account that is closed begin anew.',
  'auth_accounts.user_id': 'Ways in: all but a second password go along.',
  'auth_sessions.user_id': 'Sign-ins of the account that is closed end.',
};
