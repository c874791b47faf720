import type { SyncTableName } from '@raptscallions/zod-schemas/sync_table';
import { type Seen, type Sight, seenInDatabase } from './sight';
import { tableNames } from './table_names';

/** One version of a row; `body` null: it was deleted. `tbl` is the table's name in the database, ids are uuids. */
export type Version = { tbl: string; row_id: string; xid: string; body: Body | null };
type Body = Record<string, unknown>;
type Tables = Map<string, Map<string, Body>>;

/** Who looks: a person, on a browser profile that goes by this name. Both uuids. */
export type Viewer = { userId: string; syncClientId: string | null };

/** Whether a transaction is done for a snapshot, by the rule of PostgreSQL's own documentation. */
function seenBy(snapshot: string): (xid: string) => boolean {
  const [, xmax = '0', running = ''] = snapshot.split(':');
  const open = new Set(running.split(',').filter(Boolean));
  return (xid) => BigInt(xid) < BigInt(xmax) && !open.has(xid);
}

/** What stood in the database at a snapshot, of the history in its order. */
function tablesAt(history: readonly Version[], snapshot: string | null): Tables {
  const isSeen = snapshot === null ? () => true : seenBy(snapshot);
  const tables: Tables = new Map();
  for (const { tbl, row_id: id, xid, body } of history) {
    if (!isSeen(xid)) continue;
    const rows = tables.get(tbl) ?? new Map<string, Body>();
    tables.set(tbl, rows);
    if (body) rows.set(id, body);
    else rows.delete(id);
  }
  return tables;
}

/** What a person is at one moment, as sets of ids; nothing of it is there for somebody who is not active. */
class Standing {
  readonly me: string;
  readonly device: string | null;
  readonly isActive: boolean;
  /** groups above and including one's own */
  readonly above: Set<unknown>;
  /** groups in and below which the person is an administrator */
  readonly administered: Set<unknown>;
  /** groups whose teacher or administrator the person is */
  readonly staffed: Set<unknown>;
  /** living classes the person is in, and those of them where they teach */
  readonly joined: Set<unknown>;
  readonly taught: Set<unknown>;

  constructor(
    readonly tables: Tables,
    viewer: Viewer,
  ) {
    this.me = viewer.userId;
    this.device = viewer.syncClientId;
    this.isActive = this.live('users').some((row) => this.isMe(row) && row.status === 'active');
    const groups = this.live('groups');
    const pathOf = new Map(groups.map((row) => [row.group_id, String(row.path)]));
    const mine = this.isActive
      ? this.rows('group_members').filter((row) => this.isMe(row) && pathOf.has(row.group_id))
      : [];
    const pathsOf = (...roles: string[]) =>
      mine.filter((row) => roles.includes(String(row.role))).map((row) => pathOf.get(row.group_id) ?? '');
    const groupsWhere = (holds: (path: string) => boolean) =>
      groups.filter(({ path }) => holds(String(path))).map((row) => row.group_id);
    const isWithin = (inner: string, outer: string) => inner === outer || inner.startsWith(`${outer}.`);
    const every = mine.map((row) => pathOf.get(row.group_id) ?? '');
    const tops = pathsOf('group_admin', 'system_admin');
    this.above = new Set(groupsWhere((path) => every.some((own) => isWithin(own, path))));
    this.administered = new Set(groupsWhere((path) => tops.some((top) => isWithin(path, top))));
    this.staffed = new Set([
      ...this.administered,
      ...mine.filter((row) => row.role === 'teacher').map((row) => row.group_id),
    ]);
    const living = new Set(this.live('classes').map((row) => row.class_id));
    const classes = this.isActive
      ? this.rows('class_members').filter((row) => this.isMe(row) && living.has(row.class_id))
      : [];
    this.joined = new Set(classes.map((row) => row.class_id));
    this.taught = new Set(classes.filter((row) => row.role === 'teacher').map((row) => row.class_id));
  }

  rows(table: string): Body[] {
    return [...(this.tables.get(table)?.values() ?? [])];
  }

  live(table: string): Body[] {
    return this.rows(table).filter((row) => (row.deleted_at ?? null) === null);
  }

  isMe(row: Body): boolean {
    return row.user_id === this.me;
  }

  /** People who belong to one of these classes or groups, whatever they are there. */
  peopleOf(table: 'class_members' | 'group_members', place: 'class_id' | 'group_id', of: Set<unknown>) {
    return new Set(
      this.rows(table)
        .filter((row) => of.has(row[place]))
        .map((row) => row.user_id),
    );
  }

  /** What has been given to a class the person is in, by one of its columns. */
  given(column: 'tool_id' | 'tool_version_id'): Set<unknown> {
    return new Set(
      this.live('assignments')
        .filter((row) => this.joined.has(row.class_id))
        .map((row) => row[column]),
    );
  }

  /** The classes of these groups, put away or not. */
  classesIn(groups: Set<unknown>): Set<unknown> {
    return new Set(
      this.live('classes')
        .filter((row) => groups.has(row.group_id))
        .map((row) => row.class_id),
    );
  }

  /** Chats a person has put out of their own sight. */
  hidden(): Set<unknown> {
    return new Set(
      this.rows('chat_sessions')
        .filter((row) => (row.hidden_at ?? null) !== null)
        .map((row) => row.chat_session_id),
    );
  }
}

/** Of a tool, its versions and sources: the author's own, and for administrators all that their groups have. */
const isOwnOrAdministered = (who: Standing) => (row: Body) =>
  row.owner_user_id === who.me || who.administered.has(row.group_id);
const isOfNoGroup = (row: Body) => (row.group_id ?? null) === null;

/**
 * Which rows an active person may see: the abilities of the product said anew over plain rows. There is one
 * rule for every synced table, or this file does not compile. They know nothing of scopes, placements,
 * triggers and entries.
 */
const rules: Record<SyncTableName, (who: Standing) => Body[]> = {
  /** oneself, those in one's classes, and for staff those in their groups */
  users: (who) => {
    const classmates = who.peopleOf('class_members', 'class_id', who.joined);
    const colleagues = who.peopleOf('group_members', 'group_id', who.staffed);
    return who
      .live('users')
      .filter((row) => who.isMe(row) || classmates.has(row.user_id) || colleagues.has(row.user_id));
  },
  /** how to reach somebody is for their teachers and administrators only */
  userContacts: (who) => {
    const pupils = who.peopleOf('class_members', 'class_id', who.taught);
    const people = who.peopleOf('group_members', 'group_id', who.administered);
    return who
      .live('user_contacts')
      .filter((row) => who.isMe(row) || pupils.has(row.user_id) || people.has(row.user_id));
  },
  groups: (who) =>
    who.live('groups').filter((row) => who.above.has(row.group_id) || who.administered.has(row.group_id)),
  groupMembers: (who) =>
    who.rows('group_members').filter((row) => who.isMe(row) || who.staffed.has(row.group_id)),
  classes: (who) =>
    who.live('classes').filter((row) => who.joined.has(row.class_id) || who.staffed.has(row.group_id)),
  classMembers: (who) => {
    const staffed = who.classesIn(who.staffed);
    return who
      .rows('class_members')
      .filter((row) => who.joined.has(row.class_id) || staffed.has(row.class_id));
  },
  /** one's own, those of groups one administers, those given to one's classes, and those that are everybody's */
  tools: (who) => {
    const given = who.given('tool_id');
    const isOwn = isOwnOrAdministered(who);
    return who.live('tools').filter((row) => isOwn(row) || isOfNoGroup(row) || given.has(row.tool_id));
  },
  /** the very version that was given, and of everybody's tools what is published */
  toolVersions: (who) => {
    const given = who.given('tool_version_id');
    const isOwn = isOwnOrAdministered(who);
    return who
      .live('tool_versions')
      .filter(
        (row) =>
          isOwn(row) || (isOfNoGroup(row) && row.status === 'published') || given.has(row.tool_version_id),
      );
  },
  /** a prompt never reaches those who only use the tool */
  toolSources: (who) => who.live('tool_sources').filter(isOwnOrAdministered(who)),
  assignments: (who) => {
    const administered = who.classesIn(who.administered);
    return who
      .live('assignments')
      .filter((row) => who.joined.has(row.class_id) || administered.has(row.class_id));
  },
  /** one's own unless put away; of one's pupils, also what they have put away */
  chatSessions: (who) =>
    who
      .live('chat_sessions')
      .filter((row) => (who.isMe(row) && (row.hidden_at ?? null) === null) || who.taught.has(row.class_id)),
  /** a teacher sees a message once it has been let through */
  messages: (who) => {
    const hidden = who.hidden();
    return who
      .live('messages')
      .filter(
        (row) =>
          (who.isMe(row) && !hidden.has(row.chat_session_id)) ||
          (row.shown_to_staff === true && who.taught.has(row.class_id)),
      );
  },
  runs: (who) => {
    const hidden = who.hidden();
    return who
      .live('runs')
      .filter((row) => (who.isMe(row) && !hidden.has(row.chat_session_id)) || who.taught.has(row.class_id));
  },
  /** one's own unless put away; of one's pupils once it has been let through, also what they have put away */
  productResults: (who) =>
    who
      .live('product_results')
      .filter(
        (row) =>
          (who.isMe(row) && (row.hidden_at ?? null) === null) ||
          (row.shown_to_staff === true && who.taught.has(row.class_id)),
      ),
  /** what modules noted is for those who teach the class; of a chat without a class, for its author */
  messageNotes: (who) =>
    who
      .live('message_notes')
      .filter((row) => ((row.class_id ?? null) === null ? who.isMe(row) : who.taught.has(row.class_id))),
  /** a browser profile knows of itself alone */
  syncClients: (who) =>
    who.live('sync_clients').filter((row) => who.isMe(row) && row.sync_client_id === who.device),
  syncRefusals: (who) => {
    const own = new Set(
      who
        .live('sync_clients')
        .filter((row) => who.isMe(row) && row.sync_client_id === who.device)
        .map((row) => row.sync_client_id),
    );
    return who.live('sync_refusals').filter((row) => own.has(row.sync_client_id));
  },
};

const seenBodies = new WeakMap<Body, Seen>();

function seen(table: SyncTableName, body: Body): Seen {
  const known = seenBodies.get(body) ?? seenInDatabase(table, body);
  seenBodies.set(body, known);
  return known;
}

/**
 * Which rows a person may see at a snapshot (null: now), in which version and with which columns.
 * @param history of the person's school and of the reserved tenant, whose tools belong to everybody
 */
export function whatMaySee(history: readonly Version[], viewer: Viewer, snapshot: string | null): Sight {
  const who = new Standing(tablesAt(history, snapshot), viewer);
  const sight: Sight = new Map();
  if (!who.isActive) return sight;
  for (const { name, table, key } of tableNames)
    for (const row of rules[name](who)) sight.set(`${table} ${row[key]}`, seen(name, row));
  return sight;
}
