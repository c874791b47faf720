import 'fake-indexeddb/auto';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deleteLocalDb, type LocalDb, openLocalDb } from '../local_db/local_db';
import { addEdit, removeEdit, renewClient, replaceEdit, takeBatch } from './outbox';
import { testEditsByName } from './test/edits';
import { classRow, namesOf } from './test/harness';

const groupId = newId('group');
const userId = newId('user');
let db: LocalDb;

beforeEach(() => {
  db = openLocalDb(userId);
});
afterEach(async () => {
  db.close();
  await deleteLocalDb(userId);
});

async function create(name: string) {
  const row = classRow(name, groupId);
  await addEdit(db, testEditsByName, { name: 'classes.create', args: row, now: 5 });
  return row;
}

const mids = async () => (await db.outbox.toArray()).map(({ mid }) => mid);
const sentMids = (batch: Awaited<ReturnType<typeof takeBatch>>) =>
  batch?.entries.map(({ sentMid }) => sentMid);

describe('outbox', () => {
  it('E1 leaves nothing behind when the arguments are wrong', async () => {
    const edit = { name: 'classes.create' as const, args: { ...classRow('', groupId) }, now: 5 };
    await expect(addEdit(db, testEditsByName, edit)).rejects.toThrow(/name/);
    expect(await db.outbox.count()).toBe(0);
    expect(await namesOf(db)).toEqual([]);
  });

  it('E1 leaves nothing behind when the effect fails after it has written', async () => {
    const { classId } = await create('maths');
    const member = { classMemberId: newId('classmember'), classId, userId, role: 'teacher' as const };
    await db.classMembers.put({ ...member, createdAt: 1, updatedAt: 1, $rev: 1, $scopes: ['a'] });
    const args = { classMemberId: member.classMemberId };
    await expect(
      addEdit(db, testEditsByName, { name: 'classes.removeMember', args, now: 6 }),
    ).rejects.toThrow('cannot be applied');
    expect(await namesOf(db)).toEqual(['maths']);
    expect(await db.classMembers.count()).toBe(1);
    expect(await db.outbox.count()).toBe(1);
  });

  it('E4 gives numbers without holes at the first sending, and the same ones at every later one', async () => {
    await create('one');
    await create('two');
    await create('three');
    const [, second] = await mids();
    expect(await removeEdit(db, testEditsByName, second ?? 0)).toBe(true);
    expect(await namesOf(db)).toEqual(['one', 'three']);
    const first = await takeBatch(db, 0);
    expect(sentMids(first)).toEqual([1, 2]);
    await create('four');
    expect(sentMids(await takeBatch(db, 0))).toEqual([1, 2, 3]);
    expect((await takeBatch(db, 0))?.syncClientId).toBe(first?.syncClientId);
  });

  it('E4 takes nothing back and changes nothing that has been on the wire', async () => {
    const row = await create('one');
    await takeBatch(db, 0);
    const [mid = 0] = await mids();
    expect(await removeEdit(db, testEditsByName, mid)).toBe(false);
    expect(await replaceEdit(db, testEditsByName, mid, { ...row, name: 'other' })).toBe(false);
    expect(await namesOf(db)).toEqual(['one']);
  });

  it('E4 changes a queued edit in its place, with what it shows and what stands on it', async () => {
    const row = await create('one');
    await addEdit(db, testEditsByName, {
      name: 'classes.update',
      args: { classId: row.classId, subject: 'numbers' },
      now: 6,
    });
    const [mid = 0] = await mids();
    expect(await replaceEdit(db, testEditsByName, mid, { ...row, name: 'other' })).toBe(true);
    expect(await db.classes.get(row.classId)).toMatchObject({ name: 'other', subject: 'numbers' });
    await expect(replaceEdit(db, testEditsByName, mid, { ...row, name: '' })).rejects.toThrow(/name/);
    expect((await takeBatch(db, 0))?.entries.map(({ name }) => name)).toEqual([
      'classes.create',
      'classes.update',
    ]);
  });

  it('E4 a removed entry never lends its mid to another', async () => {
    await create('one');
    const [mid = 0] = await mids();
    await removeEdit(db, testEditsByName, mid);
    await create('two');
    expect(await mids()).not.toContain(mid);
  });

  it('E5 takes the oldest first, at most 100, and no more than a body may hold', async () => {
    for (let at = 0; at < 103; at++) await create(`class ${at}`);
    const batch = await takeBatch(db, 0);
    expect(sentMids(batch)).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
    expect(sentMids(await takeBatch(db, 100))).toEqual([101, 102, 103]);
    expect(await takeBatch(db, 103)).toBeNull();
    await db.outbox.clear();
    for (let at = 0; at < 5; at++) {
      await db.outbox.add({
        sentMid: null,
        name: 'tools.save',
        args: { yaml: 'x'.repeat(65_000) },
        createdAt: 1,
      });
    }
    expect((await takeBatch(db, 0))?.entries).toHaveLength(3);
  });

  it('E8 a new name numbers every waiting entry from 1', async () => {
    await create('one');
    await create('two');
    const before = await takeBatch(db, 0);
    await db.outbox.delete((await mids())[0] ?? 0);
    await renewClient(db);
    const after = await takeBatch(db, 0);
    expect(sentMids(after)).toEqual([1]);
    expect(after?.syncClientId).not.toBe(before?.syncClientId);
  });
});
