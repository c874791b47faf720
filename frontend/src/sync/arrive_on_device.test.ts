import 'fake-indexeddb/auto';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { Dexie } from 'dexie';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { deleteLocalDb, openLocalDb } from '../local_db/local_db';
import { readMeta, writeMeta } from '../local_db/meta';
import { readBoxes, storeBox } from '../local_db/sealed_boxes';
import { arriveOnDevice, BoxShutError, discardBoxes } from './arrive_on_device';
import { importSealKey } from './seal_key';

const keyText = (letter: string) => btoa(letter.repeat(32));
const ana = newId('user');
const ben = newId('user');
beforeEach(async () => {
  await fill(ana, 'Ana’s secret');
});
afterEach(async () => {
  for (const user of [ana, ben]) {
    await deleteLocalDb(user);
    await discardBoxes(user);
  }
});

/** A database as somebody leaves it who was signed out by time: rows, an edit, a draft, and the key. */
async function fill(user: UserId, text: string, withKey = true): Promise<void> {
  const db = openLocalDb(user);
  await writeMeta(db, 'client', { syncClientId: newId('device'), nextMid: 3 });
  if (withKey) await writeMeta(db, 'sealKey', await importSealKey(keyText('a')));
  await db.outbox.bulkAdd([
    { sentMid: 2, name: 'classes.update', args: { name: text }, createdAt: 1 },
    { sentMid: null, name: 'classes.update', args: { name: text }, createdAt: 2 },
  ]);
  await db.drafts.put({ key: 'chat', text, updatedAt: 1 });
  db.close();
}
const reserve = { fill: vi.fn(async () => true), release: vi.fn(async () => true) };
const arrive = (user: UserId, letter = 'a') =>
  arriveOnDevice(user, { fetchKey: async () => keyText(letter), reserve, now: 5 });

/** Everything any script of this address could read, as text. */
async function readable(): Promise<string> {
  const texts: string[] = [];
  for (const name of await Dexie.getDatabaseNames()) {
    const db = await new Dexie(name).open();
    for (const table of db.tables) {
      for (const row of await table.toArray()) {
        texts.push(JSON.stringify(row));
        if (row.data) texts.push(new TextDecoder().decode(row.data));
      }
    }
    db.close();
  }
  return texts.join('\n');
}

it('D3 whoever arrives finds nothing of the person before, who finds everything again', async () => {
  const before = openLocalDb(ana);
  const client = await readMeta(before, 'client');
  before.close();
  expect(await readable()).toContain('Ana’s secret');
  await arrive(ben);
  expect(await Dexie.exists(`rapt-${ana}`)).toBe(false);
  expect(await readable()).not.toMatch(/secret/);
  await arrive(ana);
  const db = openLocalDb(ana);
  expect((await db.outbox.toArray()).map(({ mid, sentMid }) => [mid, sentMid])).toEqual([
    [1, 2],
    [2, null],
  ]);
  expect(await readMeta(db, 'client')).toEqual(client);
  expect(await db.drafts.get('chat')).toMatchObject({ text: 'Ana’s secret' });
  expect(await readBoxes(ana)).toEqual([]);
  db.close();
});

it('D3 on a full device the reserve is given up to lock it; where that is too little it goes, and nobody is kept out', async () => {
  const realPut = IDBObjectStore.prototype.put;
  let tries = 0;
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function fail(
    this: IDBObjectStore,
    ...args: Parameters<IDBObjectStore['put']>
  ) {
    if (this.name !== 'boxes') return realPut.apply(this, args);
    tries += 1;
    expect(reserve.release).toHaveBeenCalled();
    throw new DOMException('no room', 'QuotaExceededError');
  });
  await arrive(ben);
  put.mockRestore();
  expect(tries).toBe(1);
  expect(await readable()).not.toMatch(/secret/);
  expect(await Dexie.exists(`rapt-${ana}`)).toBe(false);
});

it('D3 what cannot be locked does not stay for another person to read', async () => {
  await deleteLocalDb(ana);
  await fill(ana, 'Ana’s secret', false);
  await arrive(ben);
  expect(await readable()).not.toMatch(/secret/);
  await arrive(ana);
  const db = openLocalDb(ana);
  expect(await db.outbox.count()).toBe(0);
  db.close();
});

it('D4 a box without its key stays shut, and nothing of it is lost until its owner says so', async () => {
  await arrive(ben);
  const offline = arriveOnDevice(ana, {
    fetchKey: async () => {
      throw new TypeError('fetch failed');
    },
    reserve,
    now: 6,
  });
  await expect(offline).rejects.toMatchObject({ name: 'BoxShutError', edits: 2, forGood: false });
  await expect(arrive(ana, 'b')).rejects.toMatchObject({ name: 'BoxShutError', edits: 2, forGood: true });
  expect(await readBoxes(ana)).toHaveLength(1);
  await discardBoxes(ana);
  await arrive(ana);
});

it('D4 a box that somebody has put under another name does not open', async () => {
  await arrive(ben);
  const [box] = await readBoxes(ana);
  if (!box) throw new Error('no box');
  await storeBox({ ...box, boxId: 'forged', userId: ben });
  await expect(arrive(ben)).rejects.toThrow(BoxShutError);
});

it('D4 a crash between opening a box and throwing it away does not bring its contents twice', async () => {
  await arrive(ben);
  const [box] = await readBoxes(ana);
  if (!box) throw new Error('no box');
  await arrive(ana);
  await storeBox(box);
  await arrive(ana);
  const db = openLocalDb(ana);
  expect(await db.outbox.count()).toBe(2);
  db.close();
});

it('D4 a second box goes behind the first, under the name the first brought', async () => {
  await arrive(ben);
  await fill(ana, 'again');
  await arrive(ben);
  await arrive(ana);
  const db = openLocalDb(ana);
  expect((await db.outbox.orderBy('mid').toArray()).map(({ sentMid }) => sentMid)).toEqual([
    2,
    null,
    null,
    null,
  ]);
  db.close();
});
