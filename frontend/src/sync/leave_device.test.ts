import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const signOut = vi.hoisted(() => vi.fn(async () => undefined));
vi.mock('../api/auth', () => ({ signOut }));

import { openLocalDb } from '../local_db/local_db';
import { leaveDevice } from './leave_device';
import { classRow, eventually, Harness, namesOf, settled } from './test/harness';

let harness: Harness;
beforeEach(() => {
  harness = new Harness();
  signOut.mockClear();
});
afterEach(() => harness.end());

describe('leaveDevice', () => {
  it('D1 removes everything and stops every tab when nothing waits', async () => {
    harness.serverClass('maths');
    const [first, second] = [harness.tab(), harness.tab()];
    await settled(first, harness.server);
    await namesOf(second.db);
    expect(await leaveDevice(second.engine, 'ask')).toBe(0);
    expect(await Dexie.exists(first.db.name)).toBe(false);
    expect(signOut).toHaveBeenCalledOnce();
    await eventually(() => expect(harness.server.streams.size).toBe(0));
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

  it('D1 keeps what waits, and nothing to read, until the same person comes back', async () => {
    harness.serverClass('maths');
    const tab = harness.tab();
    await settled(tab, harness.server);
    harness.browser.page('offline');
    const row = classRow('mine', harness.groupId);
    await tab.engine.edit('classes.create', row);
    expect(await leaveDevice(tab.engine, 'keep')).toBe(0);
    const left = openLocalDb(harness.userId);
    expect(await namesOf(left)).toEqual([]);
    expect(await left.outbox.count()).toBe(1);
    left.close();
    harness.browser.page('online');
    const again = harness.tab();
    await settled(again, harness.server);
    expect(await namesOf(again.db)).toEqual(['maths', 'mine']);
    expect(harness.server.applied.get(row.classId)).toBe(1);
  });

  it('D1 loses what waits only when told so', async () => {
    harness.browser.online = false;
    const tab = harness.tab();
    await tab.engine.edit('classes.create', classRow('mine', harness.groupId));
    expect(await leaveDevice(tab.engine, 'discard')).toBe(0);
    expect(await Dexie.exists(tab.db.name)).toBe(false);
  });
});
