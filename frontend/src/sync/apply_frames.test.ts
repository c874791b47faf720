import 'fake-indexeddb/auto';
import { packUuids } from '@raptscallions/zod-schemas/packed_ids';
import { newId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import type { SyncFrame } from '@raptscallions/zod-schemas/sync.zod';
import type { WireRows } from '@raptscallions/zod-schemas/sync_table';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deleteLocalDb, LocalDb } from '../local_db/local_db';
import { readMeta } from '../local_db/meta';
import { applyFrames } from './apply_frames';
import { type FrameBatch, FrameReader } from './frame_reader';
import { addEdit } from './outbox';
import { testEditsByName } from './test/edits';
import { classRow, namesOf } from './test/harness';
import { ModelServer } from './test/model_server';

const groupId = newId('group');
const userId = newId('user');
let db: LocalDb;
let server: ModelServer;
let cursor: string | null;

/** Rows as records, and every row in a pack. */
const layouts = { records: undefined, packs: 1 };

beforeEach(() => {
  server = new ModelServer();
  server.allow(userId, ['a', 'b']);
  cursor = null;
});

afterEach(async () => {
  db.close();
  await deleteLocalDb(userId);
});

/** What these frames, closed by a cursor, amount to for a device that stands at `from`. */
function batchOf(from: string | null, frames: readonly SyncFrame[], closing: string): FrameBatch {
  const reader = new FrameReader(from);
  for (const frame of frames) if (frame.kind !== 'cursor') reader.read(frame);
  const event = reader.read({ kind: 'cursor', cursor: closing });
  if (event?.kind !== 'batch') throw new Error('a cursor closes a batch');
  return event.batch;
}

/** Stores whatever the server has to say to this position, as one batch. */
async function sync(from = cursor) {
  const scopes = (await readMeta(db, 'position'))?.scopes ?? [];
  const frames = server.frames(userId, { cursor: from, scopes, syncClientId: newId('device') });
  const next = server.cursor();
  const applied = await applyFrames(db, testEditsByName, batchOf(from, frames, next), 1);
  if (applied.stored) cursor = next;
  return applied;
}

function put(name: string, scopes: string[], classId = newId('class')) {
  const row = classRow(name, groupId, classId);
  server.put('classes', row, scopes);
  server.commit();
  return row;
}

describe.each(Object.entries(layouts))('applyFrames into %s', (_, packFrom) => {
  beforeEach(() => {
    db = new LocalDb(userId, packFrom);
  });

  it('R1 stores rows, cursor and held scopes together, or none of them', async () => {
    put('maths', ['a']);
    const good = server
      .frames(userId, { cursor: null, scopes: [], syncClientId: newId('device') })
      .filter((frame) => frame.kind === 'rows');
    const rows: WireRows[] = [
      [5, [1], [packUuids([uuidFromId('class', newId('class'))]), [Symbol('no clone')]]],
    ];
    const unstorable = { kind: 'rows' as const, scope: 'b', rows };
    await expect(
      applyFrames(db, testEditsByName, batchOf(null, [...good, unstorable], 'x'), 1),
    ).rejects.toThrow();
    expect(await namesOf(db)).toEqual([]);
    expect(await readMeta(db, 'position')).toBeUndefined();

    await sync();
    expect(await namesOf(db)).toEqual(['maths']);
    expect((await readMeta(db, 'position'))?.cursor).toBe(server.cursor());
    expect((await readMeta(db, 'position'))?.scopes).toEqual(expect.arrayContaining(['a', 'b']));
  });

  it('R2 ignores a batch that was asked from another position', async () => {
    const row = put('maths', ['a']);
    await sync();
    const old = cursor;
    put('physics', ['a'], row.classId);
    await sync();
    put('chemistry', ['a'], row.classId);
    expect(await sync(old)).toEqual({ stored: false, renewed: false });
    expect(await namesOf(db)).toEqual(['physics']);
    await sync();
    expect(await namesOf(db)).toEqual(['chemistry']);
  });

  it('R3 replace forgets what the scope held and keeps what another scope holds', async () => {
    put('only a', ['a']);
    put('a and b', ['a', 'b']);
    await sync();
    // The scope is lost and got back without this client hearing of the first: it is sent as new.
    server = new ModelServer();
    server.version = 10;
    server.allow(userId, ['a']);
    const left = put('new in a', ['a']);
    const frames = server.frames(userId, { cursor: null, scopes: [], syncClientId: newId('device') });
    await applyFrames(db, testEditsByName, batchOf(cursor, frames, 'next'), 1);
    expect(await namesOf(db)).toEqual(['a and b', 'new in a']);
    expect((await db.classes.get(left.classId))?.$scopes).toEqual(['a']);
  });

  it('R4 a scope that is gone takes along the rows that stand in no other', async () => {
    put('only a', ['a']);
    put('a and b', ['a', 'b']);
    put('only b', ['b']);
    await sync();
    server.allow(userId, ['b']);
    server.commit();
    await sync();
    expect(await namesOf(db)).toEqual(['a and b', 'only b']);
    expect((await readMeta(db, 'position'))?.scopes).not.toContain('a');
  });

  it('R4 a row that moves from a lost scope to a new one in the same batch never leaves', async () => {
    const row = put('moves', ['a']);
    await sync();
    server.allow(userId, ['b', 'c']);
    server.place('classes', row.classId, ['c']);
    server.commit();
    await sync();
    expect(await db.classes.get(row.classId)).toMatchObject({ name: 'moves', $scopes: ['c'], $rev: 1 });
  });

  it('R5 a tombstone takes the row out of its own scope only', async () => {
    const both = put('both', ['a', 'b']);
    const one = put('one', ['a']);
    await sync();
    server.place('classes', both.classId, ['b']);
    server.remove('classes', one.classId);
    server.commit();
    await sync();
    expect(await namesOf(db)).toEqual(['both']);
    expect((await db.classes.get(both.classId))?.$scopes).toEqual(['b']);
  });

  it('R6 never takes an older body for a newer one', async () => {
    const row = put('old', ['a']);
    const stale = server
      .frames(userId, { cursor: null, scopes: [], syncClientId: newId('device') })
      .filter((frame) => frame.kind === 'rows');
    put('new', ['a'], row.classId);
    await sync();
    await applyFrames(db, testEditsByName, batchOf(cursor, stale, 'next'), 1);
    expect(await db.classes.get(row.classId)).toMatchObject({ name: 'new', $rev: 2 });
  });

  it('R7 a batch from the beginning replaces every row, and takes bodies of a lower rev too', async () => {
    const row = put('before', ['a']);
    put('again', ['a'], row.classId);
    put('lost with the backup', ['a']);
    await sync();
    await addEdit(db, testEditsByName, { name: 'classes.create', args: classRow('mine', groupId), now: 5 });
    server = new ModelServer();
    server.allow(userId, ['a']);
    put('restored', ['a'], row.classId);
    await db.meta.put({ key: 'position', value: { cursor: null, scopes: [] } });
    await sync(null);
    expect(await namesOf(db)).toEqual(['mine', 'restored']);
    expect(await db.outbox.count()).toBe(1);
  });

  it('E2 lays waiting edits over newer rows, with the time at which they were made', async () => {
    const row = put('maths', ['a']);
    await sync();
    const args = { classId: row.classId, name: 'Maths!' };
    await addEdit(db, testEditsByName, { name: 'classes.update', args, now: 77 });
    const changed = { ...row, name: 'maths II', subject: 'numbers' };
    server.put('classes', changed, ['a']);
    server.commit();
    await sync();
    expect(await db.classes.get(row.classId)).toMatchObject({
      name: 'Maths!',
      subject: 'numbers',
      updatedAt: 77,
      $rev: 2,
    });
    await db.outbox.clear();
    put('physics', ['a']);
    await sync();
    expect(await namesOf(db)).toEqual(['maths II', 'physics']);
    expect(await db.shadows.count()).toBe(0);
  });

  it('E2 a row removed by a waiting edit comes back when the edit is dropped', async () => {
    const row = put('maths', ['a']);
    await sync();
    await addEdit(db, testEditsByName, {
      name: 'classes.archive',
      args: { classId: row.classId, archived: true },
      now: 5,
    });
    expect(await namesOf(db)).toEqual([]);
    put('physics', ['a']);
    await sync();
    expect(await namesOf(db)).toEqual(['physics']);
    await db.outbox.clear();
    put('chemistry', ['a']);
    await sync();
    expect(await namesOf(db)).toEqual(['chemistry', 'maths', 'physics']);
  });

  it('E3 an edit that fails half way shows nothing and blocks nothing', async () => {
    const row = put('maths', ['a']);
    const member = {
      classMemberId: newId('classmember'),
      classId: row.classId,
      userId,
      createdAt: 1,
      updatedAt: 1,
    };
    server.put('classMembers', { ...member, role: 'student' }, ['a']);
    server.commit();
    await sync();
    const { classMemberId } = member;
    await addEdit(db, testEditsByName, { name: 'classes.removeMember', args: { classMemberId }, now: 5 });
    await addEdit(db, testEditsByName, { name: 'classes.create', args: classRow('mine', groupId), now: 6 });
    expect(await namesOf(db)).toEqual(['half done', 'mine']);
    // Now a teacher: the edit writes twice, then throws.
    server.put('classMembers', { ...member, role: 'teacher' }, ['a']);
    server.commit();
    expect(await sync()).toMatchObject({ stored: true });
    expect(await namesOf(db)).toEqual(['maths', 'mine']);
    expect(await db.classMembers.get(classMemberId)).toMatchObject({ role: 'teacher' });
    expect(await db.outbox.count()).toBe(2);
  });
});
