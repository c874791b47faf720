import type { SyncTableName } from '@raptscallions/zod-schemas/sync_table';

/**
 * Who sees which row, as data. A row stands in scopes; a person holds scopes (`scopes_of_user.ts`); a browser
 * is sent the rows of the scopes it holds. The triggers are generated from this table, and a test holds it
 * against the policies over random data.
 *
 * `t` is the row. `scope` is SQL for the scope's name; `join` brings in the rows that place it. Ids within
 * scopes are uuids: a scope's name is opaque to browsers.
 */
export type Placement = {
  scope: string;
  join?: string;
  /** the same join where thousands of rows are placed at once */
  asSet?: string;
  where?: string;
  /** whether the join may find one scope several times for one row */
  repeats?: true;
};

export type TablePlacement = {
  /** the table's name and the column that names a row, in the database */
  table: string;
  key: string;
  /** rows with `deleted_at` stand nowhere; memberships have no such column, they are really deleted */
  softDelete: boolean;
  placements: Placement[];
  /** rows of other tables that `placements` reads: locked, so that none moves while we place by it */
  reads?: { table: string; on: string }[];
  /** rows of other tables that this one places: they are placed anew whenever a row here changes */
  places?: { table: SyncTableName; ids: string }[];
};

const user = (column: string) => `'user:' || ${column}`;
const ofClass = (column: string) => `'class:' || ${column}`;
const classStaff = (column: string) => `'class:' || ${column} || ':staff'`;
const ofGroup = (column: string) => `'group:' || ${column}`;
const groupStaff = (column: string) => `'group:' || ${column} || ':staff'`;
const groupAdmin = (column: string) => `'group:' || ${column} || ':admin'`;
const client = (column: string) => `'client:' || ${column}`;

const join = (table: string, alias: string, on: string) =>
  `join public.${table} ${alias} on ${alias}.tenant_id = t.tenant_id and ${on}`;
// Looked up by its key for each row, whatever the planner thinks: a school that was written a moment ago has no
// statistics, and going through its classes, or its members, once for each of the others takes minutes.
const liveClass = `join lateral (select c.group_id from public.classes c
  where c.tenant_id = t.tenant_id and c.class_id = t.class_id and coalesce(c.deleted_at, 'infinity') = 'infinity' offset 0) c on true`;
const liveClasses = join('classes', 'c', 'c.class_id = t.class_id and c.deleted_at is null');
const ofLiveClass = { join: liveClass, asSet: liveClasses };
const readsClass = [{ table: 'classes', on: 'class_id' }];
const shownSession = join(
  'chat_sessions',
  's',
  's.chat_session_id = t.chat_session_id and s.hidden_at is null',
);
const readsSession = [{ table: 'chat_sessions', on: 'chat_session_id' }];

export const placements: Record<SyncTableName, TablePlacement> = {
  users: {
    table: 'users',
    key: 'user_id',
    softDelete: true,
    placements: [
      { scope: user('t.user_id') },
      { scope: ofClass('m.class_id'), join: join('class_members', 'm', 'm.user_id = t.user_id') },
      { scope: groupStaff('m.group_id'), join: join('group_members', 'm', 'm.user_id = t.user_id') },
    ],
  },
  userContacts: {
    table: 'user_contacts',
    key: 'user_id',
    softDelete: true,
    placements: [
      { scope: user('t.user_id') },
      { scope: classStaff('m.class_id'), join: join('class_members', 'm', 'm.user_id = t.user_id') },
      { scope: groupAdmin('m.group_id'), join: join('group_members', 'm', 'm.user_id = t.user_id') },
    ],
  },
  groups: {
    table: 'groups',
    key: 'group_id',
    softDelete: true,
    placements: [{ scope: ofGroup('t.group_id') }],
  },
  groupMembers: {
    table: 'group_members',
    key: 'group_member_id',
    softDelete: false,
    placements: [{ scope: user('t.user_id') }, { scope: groupStaff('t.group_id') }],
    places: [
      { table: 'users', ids: 'user_id' },
      { table: 'userContacts', ids: 'user_id' },
    ],
  },
  classes: {
    table: 'classes',
    key: 'class_id',
    softDelete: true,
    placements: [{ scope: ofClass('t.class_id') }, { scope: groupStaff('t.group_id') }],
    places: [
      { table: 'classMembers', ids: 'class_id' },
      { table: 'assignments', ids: 'class_id' },
    ],
  },
  classMembers: {
    table: 'class_members',
    key: 'class_member_id',
    softDelete: false,
    placements: [
      // Its person's own scope has no need of it: whoever is in a class holds the class.
      { scope: ofClass('t.class_id'), ...ofLiveClass },
      { scope: groupStaff('c.group_id'), ...ofLiveClass },
    ],
    reads: readsClass,
    places: [
      { table: 'users', ids: 'user_id' },
      { table: 'userContacts', ids: 'user_id' },
    ],
  },
  tools: {
    table: 'tools',
    key: 'tool_id',
    softDelete: true,
    placements: [
      { scope: user('t.owner_user_id'), where: 't.owner_user_id is not null' },
      { scope: groupAdmin('t.group_id'), where: 't.group_id is not null' },
      { scope: `'everyone'`, where: 't.group_id is null' },
      {
        scope: ofClass('a.class_id'),
        join: join('assignments', 'a', 'a.tool_id = t.tool_id and a.deleted_at is null'),
        repeats: true,
      },
    ],
  },
  toolVersions: {
    table: 'tool_versions',
    key: 'tool_version_id',
    softDelete: true,
    placements: [
      { scope: user('t.owner_user_id'), where: 't.owner_user_id is not null' },
      { scope: groupAdmin('t.group_id'), where: 't.group_id is not null' },
      { scope: `'everyone'`, where: `t.group_id is null and t.status = 'published'` },
      {
        scope: ofClass('a.class_id'),
        join: join('assignments', 'a', 'a.tool_version_id = t.tool_version_id and a.deleted_at is null'),
        repeats: true,
      },
    ],
  },
  toolSources: {
    table: 'tool_sources',
    key: 'tool_version_id',
    softDelete: true,
    placements: [
      { scope: user('t.owner_user_id'), where: 't.owner_user_id is not null' },
      { scope: groupAdmin('t.group_id'), where: 't.group_id is not null' },
    ],
  },
  assignments: {
    table: 'assignments',
    key: 'assignment_id',
    softDelete: true,
    placements: [
      { scope: ofClass('t.class_id'), ...ofLiveClass },
      { scope: groupAdmin('c.group_id'), ...ofLiveClass },
    ],
    reads: readsClass,
    places: [
      { table: 'tools', ids: 'tool_id' },
      { table: 'toolVersions', ids: 'tool_version_id' },
    ],
  },
  chatSessions: {
    table: 'chat_sessions',
    key: 'chat_session_id',
    softDelete: true,
    placements: [
      { scope: user('t.user_id'), where: 't.hidden_at is null' },
      { scope: classStaff('t.class_id'), where: 't.class_id is not null' },
    ],
    places: [
      { table: 'messages', ids: 'chat_session_id' },
      { table: 'runs', ids: 'chat_session_id' },
    ],
  },
  messages: {
    table: 'messages',
    key: 'message_id',
    softDelete: true,
    placements: [
      { scope: user('t.user_id'), join: shownSession },
      { scope: classStaff('t.class_id'), where: 't.class_id is not null and t.shown_to_staff' },
    ],
    reads: readsSession,
  },
  runs: {
    table: 'runs',
    key: 'run_id',
    softDelete: true,
    placements: [
      { scope: user('t.user_id'), join: shownSession },
      { scope: user('t.user_id'), where: `t.kind = 'product'` },
      { scope: classStaff('t.class_id'), where: 't.class_id is not null' },
    ],
    reads: readsSession,
  },
  productResults: {
    table: 'product_results',
    key: 'run_id',
    softDelete: true,
    placements: [
      { scope: user('t.user_id'), where: 't.hidden_at is null' },
      { scope: classStaff('t.class_id'), where: 't.class_id is not null and t.shown_to_staff' },
    ],
  },
  messageNotes: {
    table: 'message_notes',
    key: 'message_note_id',
    softDelete: true,
    // A trial has no class: its author is the teacher.
    placements: [
      { scope: classStaff('t.class_id'), where: 't.class_id is not null' },
      { scope: user('t.user_id'), where: 't.class_id is null' },
    ],
  },
  syncClients: {
    table: 'sync_clients',
    key: 'sync_client_id',
    softDelete: true,
    placements: [{ scope: client('t.sync_client_id') }],
  },
  syncRefusals: {
    table: 'sync_refusals',
    key: 'sync_refusal_id',
    softDelete: true,
    placements: [{ scope: client('t.sync_client_id') }],
  },
};
