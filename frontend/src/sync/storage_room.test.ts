import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalDb } from '../local_db/local_db';
import { readSyncStatus } from './read_sync_status';
import { isQuotaError, NoRoomError } from './storage_room';
import { classRow, eventually, Harness, namesOf, settled } from './test/harness';

let harness: Harness;
beforeEach(() => {
  harness = new Harness();
});
afterEach(() => harness.end());

/** From now on the device takes a write into this table only while `hasRoom` says so. */
function limit(db: LocalDb, table: 'outbox' | 'classes', hasRoom: () => boolean): void {
  const check = () => {
    if (!hasRoom()) throw new DOMException('no room', 'QuotaExceededError');
  };
  db.table(table).hook('creating', check);
}

it('S1 an edit that finds no room gets the reserve, and says that the device is full in every tab', async () => {
  const [first, second] = [harness.tab(), harness.tab()];
  await settled(first, harness.server);
  await eventually(() => expect(harness.browser.reserved).toBe(true));
  harness.browser.hasRoom = false;
  limit(second.db, 'outbox', () => !harness.browser.reserved);
  const stops = [first, second].map(({ engine }) => engine.status.subscribe(() => {}));
  await second.engine.edit('classes.create', classRow('mine', harness.groupId));
  expect(harness.browser.reserved).toBe(false);
  await eventually(() => {
    for (const { engine } of [first, second])
      expect(engine.status.get()).toMatchObject({ full: true, lost: 0 });
  });
  await settled(second, harness.server);
  expect([...harness.server.applied.values()]).toEqual([1]);
  for (const stop of stops) stop();
});

it('S2 an edit that finds no room even so leaves nothing behind, and its page is told', async () => {
  const tab = harness.tab();
  await settled(tab, harness.server);
  limit(tab.db, 'outbox', () => false);
  const making = tab.engine.edit('classes.create', classRow('mine', harness.groupId));
  await expect(making).rejects.toThrow(NoRoomError);
  expect(await namesOf(tab.db)).toEqual([]);
  expect(await tab.db.shadows.count()).toBe(0);
  expect(tab.engine.status.get()).toMatchObject({ full: true, lost: 1 });
});

it('S3 rows that find no room are asked for again without the reserve, and the device says when it has room', async () => {
  const tab = harness.tab();
  await settled(tab, harness.server);
  let room = false;
  harness.browser.hasRoom = false;
  limit(tab.db, 'classes', () => room);
  harness.serverClass('maths');
  await eventually(() => expect(tab.engine.status.get().full).toBe(true));
  expect(harness.browser.reserved).toBe(true);
  expect((await readSyncStatus(tab.db)).online).toBe(true);
  room = true;
  harness.browser.hasRoom = true;
  await eventually(async () => expect(await namesOf(tab.db)).toEqual(['maths']));
  await tab.engine.lookForRoom();
  expect(tab.engine.status.get().full).toBe(false);
});

it('S3 a device that is full from the start says so before anything is written', async () => {
  harness.browser.hasRoom = false;
  const tab = harness.tab();
  await eventually(() => expect(tab.engine.status.get().full).toBe(true));
});

describe('isQuotaError', () => {
  it('looks through what Dexie wraps around it', () => {
    const quota = new DOMException('no room', 'QuotaExceededError');
    expect(isQuotaError(quota)).toBe(true);
    expect(isQuotaError({ name: 'AbortError', inner: { name: 'AbortError', inner: quota } })).toBe(true);
    expect(isQuotaError({ name: 'AbortError', inner: null })).toBe(false);
    expect(isQuotaError(new TypeError('fetch failed'))).toBe(false);
  });
});
