import 'fake-indexeddb/auto';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { syncSchemaHash, syncTableNames, syncTables } from '@raptscallions/zod-schemas/sync_table';
import { Dexie } from 'dexie';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { deleteLocalDb, type LocalDb, openLocalDb } from './local_db';
import { readMeta, writeMeta } from './meta';

const userId = newId('user');
const open: LocalDb[] = [];

function openAgain(): LocalDb {
  const db = openLocalDb(userId);
  open.push(db);
  return db;
}

afterEach(async () => {
  for (const db of open.splice(0)) db.close();
  await deleteLocalDb(userId);
});

async function fill(db: LocalDb) {
  await db.classes.put({
    classId: newId('class'),
    groupId: newId('group'),
    name: 'maths',
    subject: null,
    createdAt: 1,
    updatedAt: 1,
    $rev: 1,
    $scopes: ['a'],
  });
  await db.outbox.add({ sentMid: 1, name: 'classes.create', args: {}, createdAt: 1 });
  await db.drafts.put({ key: 'chat', text: 'half a sentence', updatedAt: 1 });
  await writeMeta(db, 'position', { cursor: 'x', scopes: ['a'] });
}

describe('LocalDb', () => {
  it('has a table under its key for every table the server syncs', () => {
    const db = openAgain();
    for (const name of syncTableNames) {
      expect(db.rows(name).schema.primKey.name).toBe(syncTables[name].key);
      expect(db.rows(name).schema.idxByName.$scopes?.multi).toBe(true);
    }
  });

  it('keeps rows, outbox and drafts when it is opened again', async () => {
    await fill(openAgain());
    const db = openAgain();
    expect(await db.classes.count()).toBe(1);
    expect(await readMeta(db, 'position')).toEqual({ cursor: 'x', scopes: ['a'] });
  });

  it('R8 drops rows of other columns before the first read, and nothing a person wrote', async () => {
    const before = openAgain();
    await fill(before);
    await writeMeta(before, 'schemaHash', 'of another version');
    before.close();
    const db = openAgain();
    expect(await db.classes.count()).toBe(0);
    expect(await readMeta(db, 'position')).toEqual({ cursor: null, scopes: [] });
    expect(await db.outbox.count()).toBe(1);
    expect(await db.drafts.get('chat')).toMatchObject({ text: 'half a sentence' });
  });

  it('R8 rows that are half dropped are of no version, so that no tab adds any, and are dropped whole next time', async () => {
    const before = openAgain();
    await fill(before);
    await writeMeta(before, 'schemaHash', 'of another version');
    const clear = vi.spyOn(IDBObjectStore.prototype, 'clear').mockImplementation(() => {
      throw new DOMException('the page died', 'AbortError');
    });
    await expect(openAgain().open()).rejects.toThrow('the page died');
    clear.mockRestore();
    expect([syncSchemaHash, 'of another version']).not.toContain(await readMeta(before, 'schemaHash'));
    const db = openAgain();
    expect(await db.classes.count()).toBe(0);
    expect(await readMeta(db, 'schemaHash')).toBe(syncSchemaHash);
  });

  it('belongs to one person, and is gone for good when it is deleted, open tabs or not', async () => {
    const db = openAgain();
    await fill(db);
    const other = openLocalDb(newId('user'));
    expect(await other.classes.count()).toBe(0);
    await other.delete();
    await deleteLocalDb(userId);
    expect(await Dexie.exists(db.name)).toBe(false);
    expect(db.isOpen()).toBe(false);
  });
});
