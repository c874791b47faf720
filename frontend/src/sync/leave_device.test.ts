import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const signOut = vi.hoisted(() => vi.fn(async () => undefined));
vi.mock('../api/auth', () => ({ signOut }));

import { LocalDb } from '../local_db/local_db';
import { readBoxes } from '../local_db/sealed_boxes';
import { arriveOnDevice } from './arrive_on_device';
import { CannotKeepError, leaveDevice, stepAway } from './leave_device';
import { sealUnsent } from './seal_unsent';
import { SyncEngine } from './sync_engine';
import { testEdits } from './test/edits';
import { classRow, eventually, Harness, namesOf, settled } from './test/harness';

let harness: Harness;
beforeEach(() => {
  harness = new Harness();
  signOut.mockClear();
});
afterEach(() => harness.end());

const { signal } = new AbortController();
const realPut = IDBObjectStore.prototype.put;
const arrive = () =>
  arriveOnDevice(harness.userId, {
    fetchKey: () => harness.api.sealKey({ signal }),
    reserve: harness.browser.tab().reserve,
    now: 1,
  });

function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

describe('leaveDevice', () => {
  it('D1 removes everything and stops every tab when nothing waits', async () => {
    harness.serverClass('maths');
    const [first, second] = [harness.tab(), harness.tab()];
    await settled(first, harness.server);
    await eventually(() => expect(harness.browser.reserved).toBe(true));
    await namesOf(second.db);
    expect(await leaveDevice(second.engine, 'ask')).toBe(0);
    expect(await Dexie.exists(first.db.name)).toBe(false);
    expect(harness.browser.reserved).toBe(false);
    expect(signOut).toHaveBeenCalledOnce();
    await eventually(() => expect(harness.server.streams.size).toBe(0));
  });

  it('D1 an answer on its way to another tab does not bring the database back', async () => {
    const answer = deferred();
    const asked = deferred();
    const api = {
      ...harness.api,
      // At hand when the tab is told to end, so that its signal comes too late.
      me: async () => {
        asked.resolve();
        await answer.promise;
        return { userId: harness.userId };
      },
    };
    const waits = new SyncEngine({
      db: new LocalDb(harness.userId),
      edits: testEdits,
      surroundings: { ...harness.browser.tab(), api },
    });
    waits.start();
    const leaves = harness.tab();
    await asked.promise;
    expect(await leaveDevice(leaves.engine, 'ask')).toBe(0);
    answer.resolve();
    await waits.stop().catch(() => undefined);
    expect(await Dexie.exists(leaves.db.name)).toBe(false);
  });

  it('D1 asks first when something waits, and changes nothing meanwhile', async () => {
    harness.browser.online = false;
    const tab = harness.tab();
    await tab.engine.edit('classes.create', classRow('mine', harness.groupId));
    expect(await leaveDevice(tab.engine, 'ask')).toBe(1);
    expect(signOut).not.toHaveBeenCalled();
    harness.browser.page('online');
    await settled(tab, harness.server);
  });

  it('D2 keeps what waits, locked and nothing to read, until the same person comes back', async () => {
    harness.serverClass('maths');
    const tab = harness.tab();
    await settled(tab, harness.server);
    harness.browser.page('offline');
    const row = classRow('mine', harness.groupId);
    await tab.engine.edit('classes.create', row);
    expect(await leaveDevice(tab.engine, 'keep')).toBe(0);
    expect(await Dexie.exists(tab.db.name)).toBe(false);
    const [box] = await readBoxes(harness.userId);
    expect(box).toMatchObject({ userId: harness.userId, edits: 1 });
    expect(new TextDecoder().decode(box?.data)).not.toContain('mine');
    harness.browser.page('online');
    await arrive();
    const again = harness.tab();
    await settled(again, harness.server);
    expect(await namesOf(again.db)).toEqual(['maths', 'mine']);
    expect(harness.server.applied.get(row.classId)).toBe(1);
  });

  it('D2 an edit that was on the wire when its author left is done once', async () => {
    let answer = false;
    const tab = harness.tab({
      ...harness.api,
      push: async (input, options) => {
        const pushed = await harness.api.push(input, options);
        if (!answer) throw new TypeError('the answer was lost');
        return pushed;
      },
      stream: (_, options) =>
        new Promise((_resolve, reject) => {
          options.signal.addEventListener('abort', () => reject(options.signal.reason));
        }),
    });
    const row = classRow('mine', harness.groupId);
    await tab.engine.edit('classes.create', row);
    await eventually(() => expect(harness.server.applied.get(row.classId)).toBe(1));
    expect(await leaveDevice(tab.engine, 'keep')).toBe(0);
    answer = true;
    await arrive();
    await arrive();
    const again = harness.tab();
    await settled(again, harness.server);
    expect(harness.server.applied.get(row.classId)).toBe(1);
    expect(await namesOf(again.db)).toEqual(['mine']);
  });

  it('D2 words that were begun and refusals nobody has seen to come back too', async () => {
    const tab = harness.tab();
    await settled(tab, harness.server);
    await tab.engine.edit('classes.create', classRow('refuse me', harness.groupId));
    await settled(tab, harness.server);
    await tab.db.drafts.put({ key: 'chat', text: 'half a sentence', updatedAt: 1 });
    expect(await leaveDevice(tab.engine, 'keep')).toBe(0);
    await arrive();
    const again = harness.tab();
    await settled(again, harness.server);
    expect(await again.db.drafts.get('chat')).toMatchObject({ text: 'half a sentence' });
    const [refusal] = await again.db.refusals.toArray();
    expect(refusal).toMatchObject({ args: { name: 'refuse me' }, discarded: false });
  });

  it('D2 refuses to keep what it has no key for, and nothing is lost by asking', async () => {
    harness.browser.online = false;
    const tab = harness.tab();
    await tab.engine.edit('classes.create', classRow('mine', harness.groupId));
    await expect(leaveDevice(tab.engine, 'keep')).rejects.toThrow(CannotKeepError);
    expect(signOut).not.toHaveBeenCalled();
    harness.browser.page('online');
    await settled(tab, harness.server);
  });

  it('D2 who is not there to be asked is signed out all the same, and finds here what had no key', async () => {
    harness.browser.online = false;
    const [tab, other] = [harness.tab(), harness.tab()];
    const row = classRow('mine', harness.groupId);
    await tab.engine.edit('classes.create', row);
    const leaving = vi.fn();
    await stepAway(tab.engine, leaving);
    expect(leaving).toHaveBeenCalledOnce();
    expect(signOut).toHaveBeenCalledOnce();
    // No page reads it any more, in any tab.
    await eventually(() => expect([tab.db.isOpen(), other.db.isOpen()]).toEqual([false, false]));
    harness.browser.page('online');
    await arrive();
    const again = harness.tab();
    await settled(again, harness.server);
    expect(await namesOf(again.db)).toEqual(['mine']);
    expect(harness.server.applied.get(row.classId)).toBe(1);
  });

  it('D2 two tabs that leave in the same moment lock what waits once', async () => {
    const [tab, other] = [harness.tab(), harness.tab()];
    await settled(tab, harness.server);
    await namesOf(other.db);
    harness.browser.page('offline');
    const row = classRow('mine', harness.groupId);
    await tab.engine.edit('classes.create', row);
    const put = vi.spyOn(IDBObjectStore.prototype, 'put');
    let boxesPut = 0;
    put.mockImplementation(function count(this: IDBObjectStore, ...args: Parameters<IDBObjectStore['put']>) {
      if (this.name === 'boxes') boxesPut++;
      return realPut.apply(this, args);
    });
    await Promise.allSettled([leaveDevice(tab.engine, 'keep'), leaveDevice(other.engine, 'keep')]);
    put.mockRestore();
    expect(boxesPut).toBeGreaterThan(1);
    expect(await readBoxes(harness.userId)).toMatchObject([{ edits: 1 }]);
    harness.browser.page('online');
    await arrive();
    const again = harness.tab();
    await settled(again, harness.server);
    expect(harness.server.applied.get(row.classId)).toBe(1);
  });

  it('D2 a tab that comes too late to lock takes nothing out of the box of the other', async () => {
    const tab = harness.tab();
    await settled(tab, harness.server);
    harness.browser.page('offline');
    await tab.engine.edit('classes.create', classRow('mine', harness.groupId));
    await sealUnsent(tab.db, 1, 'box');
    await tab.engine.stop();
    await Promise.all(tab.db.tables.map((table) => table.clear()));
    await sealUnsent(tab.db, 2, 'box');
    expect(await readBoxes(harness.userId)).toMatchObject([{ edits: 1 }]);
  });

  it('D2 refuses to keep what finds no room, in time for every tab to go on, and says so once more later', async () => {
    const [tab, other] = [harness.tab(), harness.tab()];
    await settled(tab, harness.server);
    harness.browser.page('offline');
    await tab.engine.edit('classes.create', classRow('mine', harness.groupId));
    const leaving = vi.fn();
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function fail(
      this: IDBObjectStore,
      ...args: Parameters<IDBObjectStore['put']>
    ) {
      if (this.name === 'boxes') throw new DOMException('no room', 'QuotaExceededError');
      return realPut.apply(this, args);
    });
    await expect(leaveDevice(tab.engine, 'keep', leaving)).rejects.toThrow(CannotKeepError);
    put.mockRestore();
    expect(leaving).not.toHaveBeenCalled();
    expect(signOut).not.toHaveBeenCalled();
    expect(await namesOf(other.db)).toEqual(['mine']);
    expect(await readBoxes(harness.userId)).toEqual([]);
    expect(await leaveDevice(tab.engine, 'keep', leaving)).toBe(0);
    expect(leaving).toHaveBeenCalledOnce();
    expect(await readBoxes(harness.userId)).toHaveLength(1);
  });

  it('D2 a page that dies between locking and leaving has its edits once', async () => {
    const tab = harness.tab();
    await settled(tab, harness.server);
    harness.browser.page('offline');
    const row = classRow('mine', harness.groupId);
    await tab.engine.edit('classes.create', row);
    const death = new Error('the page died');
    const dies = () => {
      throw death;
    };
    await expect(leaveDevice(tab.engine, 'keep', dies)).rejects.toThrow(death);
    expect(await readBoxes(harness.userId)).toHaveLength(1);
    await tab.close();
    harness.browser.page('online');
    await arrive();
    expect(await readBoxes(harness.userId)).toEqual([]);
    const again = harness.tab();
    expect(await again.db.outbox.count()).toBe(1);
    await settled(again, harness.server);
    expect(harness.server.applied.get(row.classId)).toBe(1);
  });

  it('D2 no box is left of what was sent at the last moment', async () => {
    const tab = harness.tab();
    await settled(tab, harness.server);
    harness.browser.page('offline');
    await tab.engine.edit('classes.create', classRow('mine', harness.groupId));
    // As the leading tab does it when its answer comes just now.
    const acknowledge = () => void tab.db.outbox.clear();
    expect(await leaveDevice(tab.engine, 'keep', acknowledge)).toBe(0);
    expect(await readBoxes(harness.userId)).toEqual([]);
  });

  it('D1 leaves nothing to read and comes to its end, though a tab that sleeps holds on to the database', async () => {
    harness.serverClass('maths');
    const tab = harness.tab();
    await settled(tab, harness.server);
    // It hears nothing of what others want.
    const opening = indexedDB.open(tab.db.name);
    const sleeper = await new Promise<IDBDatabase>((resolve) => {
      opening.onsuccess = () => resolve(opening.result);
    });
    expect(await leaveDevice(tab.engine, 'ask')).toBe(0);
    for (const name of sleeper.objectStoreNames) {
      const counting = sleeper.transaction(name).objectStore(name).count();
      expect(await new Promise((resolve) => (counting.onsuccess = () => resolve(counting.result)))).toBe(0);
    }
    sleeper.close();
    await eventually(async () => expect(await Dexie.exists(tab.db.name)).toBe(false));
  });

  it('D1 loses what waits only when told so', async () => {
    harness.browser.online = false;
    const tab = harness.tab();
    await tab.engine.edit('classes.create', classRow('mine', harness.groupId));
    expect(await leaveDevice(tab.engine, 'discard')).toBe(0);
    expect(await Dexie.exists(tab.db.name)).toBe(false);
  });
});
