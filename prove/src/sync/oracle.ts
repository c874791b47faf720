import type { RecordedTable } from './database';

/** One version of a row; `body` null: it was deleted. All ids are uuids here. */
export type Version = {
  tbl: RecordedTable;
  row_id: string;
  xid: string;
  body: Record<string, unknown> | null;
};

/** table and id, as `classes 0190…`, to the `rev` that is seen */
export type Sight = Map<string, number>;

type Body = Record<string, unknown>;

/** Whether a transaction is done for a snapshot, by the rule of PostgreSQL's own documentation. */
function seenBy(snapshot: string): (xid: string) => boolean {
  const [, xmax = '0', running = ''] = snapshot.split(':');
  const open = new Set(running.split(',').filter(Boolean));
  return (xid) => BigInt(xid) < BigInt(xmax) && !open.has(xid);
}

/** What stood in the database at a snapshot, of the history in its order. */
function tablesAt(
  history: readonly Version[],
  snapshot: string | null,
): Map<RecordedTable, Map<string, Body>> {
  const isSeen = snapshot === null ? () => true : seenBy(snapshot);
  const tables = new Map<RecordedTable, Map<string, Body>>();
  for (const { tbl, row_id: id, xid, body } of history) {
    if (!isSeen(xid)) continue;
    const rows = tables.get(tbl) ?? new Map<string, Body>();
    tables.set(tbl, rows);
    if (body) rows.set(id, body);
    else rows.delete(id);
  }
  return tables;
}

/**
 * Which rows a person may see at a snapshot (null: now), and in which version: the rules of the policies said
 * anew over plain rows. It shares nothing with the placements, scopes and entries of syncing.
 */
export function whatMaySee(history: readonly Version[], userId: string, snapshot: string | null): Sight {
  const tables = tablesAt(history, snapshot);
  const rows = (table: RecordedTable) => [...(tables.get(table)?.values() ?? [])];
  const live = (table: RecordedTable) => rows(table).filter((row) => row.deleted_at === null);
  const sight: Sight = new Map();
  const see = (table: RecordedTable, key: string, row: Body) =>
    sight.set(`${table} ${row[key]}`, Number(row.rev));

  const people = live('users');
  if (!people.some((row) => row.user_id === userId && row.status === 'active')) return sight;

  const groups = live('groups');
  const pathOf = new Map(groups.map((row) => [row.group_id, String(row.path)]));
  const memberships = rows('group_members');
  const mine = memberships.filter((row) => row.user_id === userId && pathOf.has(row.group_id));
  const isWithin = (inner: string, outer: string) => inner === outer || inner.startsWith(`${outer}.`);
  const administered = new Set(
    groups
      .filter(({ path }) =>
        mine.some(
          (own) =>
            (own.role === 'group_admin' || own.role === 'system_admin') &&
            isWithin(String(path), pathOf.get(own.group_id) ?? ''),
        ),
      )
      .map((row) => row.group_id),
  );
  const staffed = new Set([
    ...administered,
    ...mine.filter((own) => own.role === 'teacher').map((own) => own.group_id),
  ]);

  const classes = live('classes');
  const groupOf = new Map(classes.map((row) => [row.class_id, row.group_id]));
  const classMembers = rows('class_members').filter((row) => groupOf.has(row.class_id));
  const ownClasses = classMembers.filter((row) => row.user_id === userId);
  const joined = new Set(ownClasses.map((row) => row.class_id));
  const taught = new Set(ownClasses.filter((row) => row.role === 'teacher').map((row) => row.class_id));

  const inClass = (person: unknown, of: Set<unknown>) =>
    classMembers.some((row) => row.user_id === person && of.has(row.class_id));
  const inGroup = (person: unknown, of: Set<unknown>) =>
    memberships.some((row) => row.user_id === person && of.has(row.group_id));

  for (const row of people) {
    if (row.user_id === userId || inClass(row.user_id, joined) || inGroup(row.user_id, staffed))
      see('users', 'user_id', row);
  }
  for (const row of live('user_contacts')) {
    if (row.user_id === userId || inClass(row.user_id, taught) || inGroup(row.user_id, administered))
      see('user_contacts', 'user_id', row);
  }
  for (const row of groups) {
    const isAbove = mine.some((own) => isWithin(pathOf.get(own.group_id) ?? '', String(row.path)));
    if (isAbove || administered.has(row.group_id)) see('groups', 'group_id', row);
  }
  for (const row of memberships) {
    if (row.user_id === userId || staffed.has(row.group_id)) see('group_members', 'group_member_id', row);
  }
  for (const row of classes) {
    if (joined.has(row.class_id) || staffed.has(row.group_id)) see('classes', 'class_id', row);
  }
  for (const row of classMembers) {
    if (row.user_id === userId || joined.has(row.class_id) || staffed.has(groupOf.get(row.class_id)))
      see('class_members', 'class_member_id', row);
  }
  return sight;
}

/** How two sights differ, in at most three lines; null when they do not. */
export function difference(shown: Sight, expected: Sight): string | null {
  const lines: string[] = [];
  for (const [key, rev] of shown) {
    const should = expected.get(key);
    if (should === undefined) lines.push(`shows ${key}, which it may not see or is gone`);
    else if (should !== rev) lines.push(`shows ${key} at rev ${rev} instead of ${should}`);
  }
  for (const key of expected.keys()) if (!shown.has(key)) lines.push(`does not show ${key}`);
  return lines.length === 0 ? null : lines.slice(0, 3).join('; ');
}
