import 'fake-indexeddb/auto';
import type { EditArgs, EditName } from '@raptscallions/zod-schemas/edit.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { SyncTableName } from '@raptscallions/zod-schemas/sync_table';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { edits } from '../../edits';
import { deleteLocalDb, type LocalDb, openLocalDb } from '../../local_db/local_db';
import { addEdit, removeEdit } from '../../sync/outbox';

const byName = new Map(edits.map((edit) => [edit.name, edit]));
let db: LocalDb;
beforeEach(() => {
  db = openLocalDb(newId('user'));
});
afterEach(async () => {
  db.close();
  await deleteLocalDb(db.userId);
});

const [classId, assignmentId, toolId, chatSessionId, classMemberId, groupId, groupMemberId, runId] = [
  newId('class'),
  newId('assignment'),
  newId('tool'),
  newId('chat'),
  newId('classmember'),
  newId('group'),
  newId('groupmember'),
  newId('run'),
];
const times = { createdAt: 1, updatedAt: 1, $rev: 3, $scopes: ['a'] };
const userId = newId('user');

/** The server's row, the edit that takes it away, and the one that brings it back. */
const undoable: {
  table: SyncTableName;
  id: string;
  row: object;
  away: { name: EditName; args: unknown };
  back: { name: EditName; args: unknown };
}[] = [
  {
    table: 'classes',
    id: classId,
    row: { classId, groupId: newId('group'), name: '8B', subject: null, ...times },
    ...pair('classes.archive', { classId, archived: true }, { classId, archived: false }),
  },
  {
    table: 'assignments',
    id: assignmentId,
    row: { assignmentId, classId, toolId, title: 'Leaves', ...times },
    ...pair('assignments.remove', { assignmentId, removed: true }, { assignmentId, removed: false }),
  },
  {
    table: 'tools',
    id: toolId,
    row: { toolId, name: 'Coach', ...times },
    ...pair('tools.archive', { toolId, archived: true }, { toolId, archived: false }),
  },
  {
    table: 'chatSessions',
    id: chatSessionId,
    row: { chatSessionId, status: 'active', hiddenAt: null, ...times },
    ...pair('chat.hide', { chatSessionId, hidden: true }, { chatSessionId, hidden: false }),
  },
  {
    table: 'classMembers',
    id: classMemberId,
    row: { classMemberId, classId, userId, role: 'student', ...times },
    away: { name: 'classes.removeMember', args: { classMemberId } },
    back: { name: 'classes.addMember', args: { classMemberId, classId, userId, role: 'student' } },
  },
  {
    table: 'groups',
    id: groupId,
    row: { groupId, parentGroupId: newId('group'), name: 'North', path: 'a.b', settings: {}, ...times },
    ...pair('groups.archive', { groupId, archived: true }, { groupId, archived: false }),
  },
  {
    table: 'groupMembers',
    id: groupMemberId,
    row: { groupMemberId, groupId, userId, role: 'teacher', ...times },
    away: { name: 'groups.removeMember', args: { groupMemberId } },
    back: { name: 'groups.setMember', args: { groupMemberId, groupId, userId, role: 'teacher' } },
  },
  {
    table: 'productResults',
    id: runId,
    row: { runId, hiddenAt: null, ...times },
    ...pair('products.hide', { runId, hidden: true }, { runId, hidden: false }),
  },
];

function pair<N extends EditName>(name: N, away: EditArgs<N>, back: EditArgs<N>) {
  return { away: { name, args: away }, back: { name, args: back } };
}

test.each(undoable)(
  '$away.name is shown at once, and taken out of the line leaves no trace',
  async (each) => {
    await db.table(each.table).put(each.row);
    await addEdit(db, byName, { ...each.away, now: 5 });
    expect(await db.table(each.table).get(each.id)).not.toEqual(each.row);
    const [entry] = await db.outbox.toArray();
    expect(await removeEdit(db, byName, entry?.mid ?? 0)).toBe(true);
    expect(await db.table(each.table).get(each.id)).toEqual(each.row);
    expect(await db.shadows.count()).toBe(0);
  },
);

test.each(undoable)(
  '$away.name that has gone out is shown as undone as soon as its opposite waits',
  async (each) => {
    await db.table(each.table).put(each.row);
    await addEdit(db, byName, { ...each.away, now: 5 });
    await db.outbox.toCollection().modify({ sentMid: 1 });
    await addEdit(db, byName, { ...each.back, now: 6 });
    const {
      updatedAt: _,
      $rev: __,
      $scopes: ___,
      createdAt: ____,
      ...shown
    } = each.row as Record<string, unknown>;
    expect(await db.table(each.table).get(each.id)).toMatchObject(shown);
  },
);
