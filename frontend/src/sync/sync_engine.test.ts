import 'fake-indexeddb/auto';
import { ORPCError } from '@orpc/client';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { syncSchemaHash } from '@raptscallions/zod-schemas/sync_table';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deleteLocalDb } from '../local_db/local_db';
import { readMeta, writeMeta } from '../local_db/meta';
import { applyFrames, DisplacedError } from './apply_frames';
import { readSyncStatus } from './read_sync_status';
import type { SyncApi } from './surroundings';
import { testEditsByName } from './test/edits';
import { breathe } from './test/fake_browser';
import { classRow, eventually, Harness, namesOf, settled } from './test/harness';

let harness: Harness;
beforeEach(() => {
  harness = new Harness();
});
afterEach(() => harness.end());

const appear = (names: string[], db: Parameters<typeof namesOf>[0]) =>
  eventually(async () => expect(await namesOf(db)).toEqual(names));

/** The one open stream, once there is one. */
async function stream() {
  await eventually(() => expect(harness.server.streams.size).toBe(1));
  const [open] = harness.server.streams;
  if (!open) throw new Error('no stream is open');
  return open;
}

describe('rows', () => {
  it('C4 loads by pages first, then follows the stream', async () => {
    harness.server.pageSize = 1;
    harness.server.allow(harness.userId, [harness.scope, 'b', 'c']);
    harness.serverClass('maths');
    const tab = harness.tab();
    expect((await readSyncStatus(tab.db)).firstLoad).toBe(true);
    await appear(['maths'], tab.db);
    expect((await readSyncStatus(tab.db)).firstLoad).toBe(false);
    await stream();
    harness.serverClass('physics');
    await appear(['maths', 'physics'], tab.db);
  });

  it('R1 a stream cut between the frames of a batch says nothing, and loses nothing', async () => {
    const tab = harness.tab();
    const open = await stream();
    await settled(tab, harness.server);
    // Frames without their cursor, then the cut.
    const row = classRow('half', harness.groupId);
    harness.server.put('classes', row, [harness.scope]);
    harness.server.version += 1;
    open.send(...harness.server.frames(harness.userId, await position(tab.db)).slice(0, -1));
    await breathe();
    await breathe();
    open.break();
    await settled(tab, harness.server);
    expect(await namesOf(tab.db)).toEqual(['half']);
  });

  it('C4 a part that says to begin anew is not overheard for one that ends later', async () => {
    harness.server.pageSize = 1;
    harness.server.allow(harness.userId, [harness.scope, 'b', 'c']);
    harness.serverClass('maths');
    const asked: string[] = [];
    let load: { parts: readonly string[] } | undefined;
    harness.tab({
      ...harness.api,
      pull: async (input, options) => {
        const page = await harness.api.pull(input, options);
        const place = input.next ? (load?.parts.indexOf(input.next) ?? -1) : -1;
        asked.push(input.next ? (place < 0 ? 'rest' : 'part') : 'load');
        if (!input.next && !load) load = { parts: page.parts ?? [] };
        if (place === 0) return { ...page, frames: [{ kind: 'reset', reason: 'epoch' }] };
        // Takes longer than the reset: it is a batch of its own, which is stored.
        if (place === 1)
          return { ...page, frames: [...page.frames, { kind: 'cursor', cursor: harness.server.cursor() }] };
        return page;
      },
    });
    await stream();
    const [, ...later] = asked.join(' ').split('load');
    expect(later[0]).not.toContain('rest');
  });

  it('C4 pulls when the stream says so, then opens it again', async () => {
    const tab = harness.tab();
    const open = await stream();
    harness.server.version += 1;
    harness.server.put('classes', classRow('much', harness.groupId), [harness.scope]);
    harness.server.version += 1;
    open.send({ kind: 'pull' });
    await appear(['much'], tab.db);
    await eventually(() => expect([...harness.server.streams]).not.toContain(open));
    await stream();
  });

  it('R7 after a reset the rows stay until the new load replaces them, and the outbox is kept', async () => {
    harness.serverClass('old');
    const tab = harness.tab();
    await settled(tab, harness.server);
    const open = await stream();
    let refuse = true;
    const { push, pull } = harness.api;
    const api: SyncApi = {
      ...harness.api,
      push: async (input, options) => {
        if (refuse) throw new ORPCError('SERVICE_UNAVAILABLE', { status: 503 });
        return push(input, options);
      },
      pull: async (input, options) => {
        if (refuse) throw new TypeError('fetch failed');
        return pull(input, options);
      },
    };
    await tab.close();
    const again = harness.tab(api);
    await again.engine.edit('classes.create', classRow('mine', harness.groupId));
    const opened = await stream();
    expect(opened).not.toBe(open);
    harness.server.epoch += 1;
    for (const key of [...harness.server.rows.keys()]) {
      if (key.startsWith('classes/')) harness.server.rows.delete(key);
    }
    harness.server.entries.clear();
    harness.serverClass('new');
    await eventually(async () => expect((await readMeta(again.db, 'position'))?.cursor).toBeNull());
    expect(await namesOf(again.db)).toEqual(['mine', 'old']);
    refuse = false;
    await appear(['mine', 'new'], again.db);
    await settled(again, harness.server);
    expect(await namesOf(again.db)).toEqual(['mine', 'new']);
  });
});

async function position(db: Parameters<typeof namesOf>[0]) {
  const stored = await readMeta(db, 'position');
  const client = await readMeta(db, 'client');
  if (!stored || !client) throw new Error('nothing stored yet');
  return { ...stored, syncClientId: client.syncClientId };
}

describe('edits', () => {
  it('E4 what is written while the server is known to be away can be taken back, however often it was tried', async () => {
    const tab = harness.tab();
    await settled(tab, harness.server);
    harness.browser.page('offline');
    await eventually(async () => expect((await readSyncStatus(tab.db)).online).toBe(false));
    const row = classRow('mine', harness.groupId);
    await tab.engine.edit('classes.create', row);
    await tab.engine.edit('classes.archive', { classId: row.classId, archived: true });
    harness.browser.waits.length = 0;
    await eventually(() => expect(harness.browser.waits.length).toBeGreaterThan(5));
    const entries = await tab.db.outbox.toArray();
    expect(entries.map(({ sentMid }) => sentMid)).toEqual([null, null]);
    for (const { mid } of entries.reverse()) expect(await tab.engine.removeQueued(mid)).toBe(true);
    harness.browser.page('online');
    await settled(tab, harness.server);
    expect(harness.server.pushes).toEqual([]);
  });

  it('E1 shows and keeps an edit without the network, and sends it when it is back', async () => {
    harness.browser.online = false;
    const tab = harness.tab();
    const row = classRow('mine', harness.groupId);
    await tab.engine.edit('classes.create', row);
    expect(await namesOf(tab.db)).toEqual(['mine']);
    await tab.close();
    const again = harness.tab();
    expect(await namesOf(again.db)).toEqual(['mine']);
    harness.browser.page('online');
    await settled(again, harness.server);
    expect(harness.server.applied.get(row.classId)).toBe(1);
    expect(await again.db.classes.get(row.classId)).toMatchObject({ $rev: 1 });
  });

  it('E6 an answered edit waits for its row, and is shown at every moment between', async () => {
    const tab = harness.tab();
    await tab.engine.edit('classes.create', classRow('first', harness.groupId));
    await settled(tab, harness.server);
    const open = await stream();
    // From now on the stream is silent: the answer of the push comes, the acknowledgement does not.
    harness.server.streams.delete(open);
    await tab.engine.edit('classes.create', classRow('mine', harness.groupId));
    await eventually(() => expect(harness.server.applied.size).toBe(2));
    harness.serverClass('theirs');
    for (let at = 0; at < 10; at++) await breathe();
    expect(await readSyncStatus(tab.db)).toMatchObject({ queued: 1, sending: true });
    expect(await namesOf(tab.db)).toEqual(['first', 'mine']);
    harness.server.streams.add(open);
    harness.server.commit();
    await settled(tab, harness.server);
    expect(await namesOf(tab.db)).toEqual(['first', 'mine', 'theirs']);
    expect(harness.server.pushes).toHaveLength(2);
  });

  it('E5 a lost answer is asked for again under the same number and done once', async () => {
    const { push } = harness.api;
    let lost = 0;
    const tab = harness.tab({
      ...harness.api,
      push: async (input, options) => {
        const answer = await push(input, options);
        if (lost++ < 3) throw new TypeError('connection reset');
        return answer;
      },
    });
    const open = await stream();
    harness.server.streams.delete(open); // so that no acknowledgement spares the repetition
    const row = classRow('mine', harness.groupId);
    await tab.engine.edit('classes.create', row);
    await eventually(() => expect(harness.server.pushes).toHaveLength(4));
    expect(new Set(harness.server.pushes.map(({ mids }) => mids.join()))).toEqual(new Set(['1']));
    expect(harness.server.applied.get(row.classId)).toBe(1);
  });

  it('E5 sends smaller parts to a server that finds the body too large', async () => {
    const { push } = harness.api;
    const sizes: number[] = [];
    harness.browser.online = false;
    const tab = harness.tab({
      ...harness.api,
      push: async (input, options) => {
        sizes.push(input.mutations.length);
        if (input.mutations.length > 2) throw new ORPCError('PAYLOAD_TOO_LARGE', { status: 413 });
        return push(input, options);
      },
    });
    for (let at = 0; at < 5; at++) {
      await tab.engine.edit('classes.create', classRow(`class ${at}`, harness.groupId));
    }
    harness.browser.page('online');
    await settled(tab, harness.server);
    expect(harness.server.applied.size).toBe(5);
    expect(sizes[0]).toBe(5);
    expect(sizes).toContain(2);
  });

  it('E5 a server that cannot just now is asked again after longer and longer pauses', async () => {
    const { push } = harness.api;
    let failures = 0;
    const tab = harness.tab({
      ...harness.api,
      push: async (input, options) => {
        if (failures++ < 8) throw new ORPCError('SERVICE_UNAVAILABLE', { status: 503 });
        return push(input, options);
      },
    });
    await stream();
    harness.browser.waits.length = 0;
    await tab.engine.edit('classes.create', classRow('mine', harness.groupId));
    await settled(tab, harness.server);
    expect(harness.browser.waits).toEqual([375, 750, 1_500, 3_000, 6_000, 12_000, 22_500, 22_500]);
    expect((await readSyncStatus(tab.db)).offlineSince).toBeNull();
  });

  it('E7 a refusal takes back what was shown, keeps the arguments, and stays until it is discarded', async () => {
    const tab = harness.tab();
    const row = classRow('refuse me', harness.groupId);
    await tab.engine.edit('classes.create', row);
    await tab.engine.edit('classes.create', classRow('fine', harness.groupId));
    expect(await namesOf(tab.db)).toEqual(['fine', 'refuse me']);
    await settled(tab, harness.server);
    expect(await namesOf(tab.db)).toEqual(['fine']);
    const [refusal] = await tab.db.refusals.toArray();
    const args = { classId: row.classId, groupId: row.groupId, name: row.name, subject: null };
    expect(refusal).toMatchObject({ name: 'classes.create', code: 'CONFLICT', mid: 1 });
    expect(refusal?.args).toEqual(args);
    expect((await readSyncStatus(tab.db)).refused).toBe(1);
    await tab.engine.discardRefusal(refusal?.syncRefusalId ?? '');
    expect((await readSyncStatus(tab.db)).refused).toBe(0);
    harness.server.epoch += 1;
    harness.server.commit();
    await settled(tab, harness.server);
    expect((await readSyncStatus(tab.db)).refused).toBe(0);
    // Kept only for as long as the server would bring it back.
    expect(await tab.db.refusals.count()).toBe(1);
    harness.server.remove('syncRefusals', refusal?.syncRefusalId ?? '');
    harness.server.commit();
    await settled(tab, harness.server);
    expect(await tab.db.refusals.count()).toBe(0);
  });

  it('E6 what a failover has lost is sent again, though it was answered', async () => {
    let lost = false;
    const tab = harness.tab({
      ...harness.api,
      push: async (input, options) => {
        if (lost) return harness.api.push(input, options);
        lost = true;
        return { lastMid: input.mutations.length };
      },
    });
    await stream();
    const row = classRow('mine', harness.groupId);
    await tab.engine.edit('classes.create', row);
    await eventually(() => expect(lost).toBe(true));
    harness.server.epoch += 1;
    harness.server.commit();
    await settled(tab, harness.server);
    expect(harness.server.applied.get(row.classId)).toBe(1);
  });

  it('E8 takes a new name when the old one is somebody else’s, and does every edit once', async () => {
    harness.browser.online = false;
    const tab = harness.tab();
    const row = classRow('mine', harness.groupId);
    await tab.engine.edit('classes.create', row);
    const client = { syncClientId: newId('device'), nextMid: 1 };
    await tab.db.meta.put({ key: 'client', value: client });
    harness.server.clients.set(client.syncClientId, { userId: newId('user'), lastMid: 0 });
    harness.browser.page('online');
    await settled(tab, harness.server);
    expect(harness.server.applied.get(row.classId)).toBe(1);
    expect((await readMeta(tab.db, 'client'))?.syncClientId).not.toBe(client.syncClientId);
  });

  it('E8 takes a new name when the server has forgotten what it acknowledged', async () => {
    const tab = harness.tab();
    await tab.engine.edit('classes.create', classRow('before the backup', harness.groupId));
    await settled(tab, harness.server);
    harness.server.clients.clear();
    const row = classRow('after it', harness.groupId);
    await tab.engine.edit('classes.create', row);
    await settled(tab, harness.server);
    expect(harness.server.applied.get(row.classId)).toBe(1);
  });

  it('E8 takes a new name when a copy of this profile has used up its numbers', async () => {
    const tab = harness.tab();
    await settled(tab, harness.server);
    const before = (await readMeta(tab.db, 'client'))?.syncClientId;
    if (!before) throw new Error('no client');
    harness.server.push(harness.userId, before, [
      { mid: 1, name: 'classes.create', args: classRow('of the copy', harness.groupId) },
    ]);
    await eventually(async () => {
      expect((await readMeta(tab.db, 'client'))?.syncClientId).not.toBe(before);
    });
    const row = classRow('mine', harness.groupId);
    await tab.engine.edit('classes.create', row);
    await settled(tab, harness.server);
    expect(harness.server.applied.get(row.classId)).toBe(1);
    expect(await namesOf(tab.db)).toEqual(['mine', 'of the copy']);
  });
});

describe('connection', () => {
  it('C1 sends nothing under another account, and goes on after signing in again', async () => {
    harness.cookie = newId('user');
    const tab = harness.tab();
    const row = classRow('mine', harness.groupId);
    await tab.engine.edit('classes.create', row);
    await eventually(async () => expect((await readSyncStatus(tab.db)).signedOut).toBe(true));
    expect(harness.server.pushes).toEqual([]);
    expect(harness.server.streams.size).toBe(0);
    harness.cookie = harness.userId;
    tab.engine.resume();
    await settled(tab, harness.server);
    expect(harness.server.applied.get(row.classId)).toBe(1);
    expect((await readSyncStatus(tab.db)).signedOut).toBe(false);
  });

  it.each(['signed_out', 'suspended', 'expired'] as const)(
    'C1 the end “%s” stops syncing and keeps rows and outbox',
    async (reason) => {
      harness.serverClass('maths');
      const tab = harness.tab();
      await appear(['maths'], tab.db);
      const open = await stream();
      harness.cookie = null;
      open.send({ kind: 'end', reason });
      await eventually(async () => expect((await readSyncStatus(tab.db)).signedOut).toBe(true));
      await tab.engine.edit('classes.create', classRow('mine', harness.groupId));
      for (let at = 0; at < 10; at++) await breathe();
      expect(await namesOf(tab.db)).toEqual(['maths', 'mine']);
      expect(await readSyncStatus(tab.db)).toMatchObject({ queued: 1, offlineSince: null });
      expect(harness.server.pushes).toEqual([]);
    },
  );

  it('C2 says since when it is offline, also after the page was loaded anew', async () => {
    const tab = harness.tab();
    await stream();
    harness.browser.now = 5_000;
    harness.browser.page('offline');
    await eventually(async () => {
      expect(await readSyncStatus(tab.db)).toMatchObject({ online: false, offlineSince: 5_000 });
    });
    await tab.close();
    harness.browser.now = 9_000;
    const again = harness.tab();
    for (let at = 0; at < 10; at++) await breathe();
    expect((await readSyncStatus(again.db)).offlineSince).toBe(5_000);
    harness.browser.page('online');
    await eventually(async () => expect((await readSyncStatus(again.db)).online).toBe(true));
    await stream();
  });

  it('C2 a full disk is not called offline, and what could not be stored is asked for again', async () => {
    const tab = harness.tab();
    await stream();
    await settled(tab, harness.server);
    let full = true;
    let refused = 0;
    tab.db.classes.hook('creating', () => {
      if (!full) return;
      refused += 1;
      throw new DOMException('full', 'QuotaExceededError');
    });
    harness.serverClass('maths');
    await eventually(() => expect(refused).toBeGreaterThan(1));
    expect(await namesOf(tab.db)).toEqual([]);
    expect((await readSyncStatus(tab.db)).online).toBe(true);
    full = false;
    await settled(tab, harness.server);
    expect(await namesOf(tab.db)).toEqual(['maths']);
  });

  it('C2 a full disk on which being offline cannot even be noted still syncs when it has room again', async () => {
    const tab = harness.tab();
    await stream();
    await settled(tab, harness.server);
    let full = true;
    let refused = 0;
    tab.db.meta.hook('updating', () => {
      if (!full) return;
      refused += 1;
      throw new DOMException('full', 'QuotaExceededError');
    });
    tab.db.meta.hook('creating', () => {
      if (full) throw new DOMException('full', 'QuotaExceededError');
    });
    harness.browser.page('offline');
    const before = harness.browser.waits.length;
    await eventually(() => expect(harness.browser.waits.length).toBeGreaterThan(before + 2));
    harness.browser.page('online');
    await eventually(() => expect(refused).toBeGreaterThan(1));
    harness.serverClass('maths');
    full = false;
    await settled(tab, harness.server);
    expect(await namesOf(tab.db)).toEqual(['maths']);
    expect(await readSyncStatus(tab.db)).toMatchObject({ online: true, offlineSince: null });
  });

  it('S3 a tab that opens on a full disk begins to sync when there is room', async () => {
    const first = harness.tab();
    await settled(first, harness.server);
    harness.browser.page('offline');
    const row = classRow('mine', harness.groupId);
    await first.engine.edit('classes.create', row);
    await first.close();
    harness.browser.page('online');
    const again = harness.tab();
    let full = true;
    let refused = 0;
    const refuse = () => {
      if (!full) return;
      refused += 1;
      throw new DOMException('full', 'QuotaExceededError');
    };
    for (const table of [again.db.classes, again.db.shadows, again.db.meta]) {
      table.hook('creating', refuse);
      table.hook('updating', refuse);
    }
    await eventually(() => expect(refused).toBeGreaterThan(2));
    expect(harness.server.applied.get(row.classId)).toBeUndefined();
    full = false;
    await settled(again, harness.server);
    expect(harness.server.applied.get(row.classId)).toBe(1);
  });

  it('C3 a try that began before the network was back, and fails after, is no reason to rest long', async () => {
    let tries = 0;
    let fail: ((error: Error) => void) | undefined;
    const tab = harness.tab({
      ...harness.api,
      me(options) {
        tries += 1;
        // Pauses have grown to their longest when one try takes as long as the network needs to come back.
        if (tries < 12) return Promise.reject(new TypeError('fetch failed'));
        if (tries > 12) return harness.api.me(options);
        return new Promise((_, reject) => {
          fail = reject;
        });
      },
    });
    await eventually(() => expect(fail).toBeDefined());
    harness.browser.page('online');
    for (let at = 0; at < 5; at++) await breathe();
    harness.browser.waits.length = 0;
    fail?.(new TypeError('fetch failed'));
    await settled(tab, harness.server);
    expect(Math.max(...harness.browser.waits)).toBeLessThanOrEqual(500);
  });

  it('C3 a shutdown is no sign-out: everybody connects again, each in a moment of its own', async () => {
    const tab = harness.tab();
    const open = await stream();
    harness.browser.waits.length = 0;
    open.send({ kind: 'end', reason: 'shutdown' });
    await eventually(() => expect(harness.server.streams.has(open)).toBe(false));
    harness.serverClass('later');
    await appear(['later'], tab.db);
    expect(harness.browser.waits).toEqual([1_500]);
  });
});

describe('tabs', () => {
  it('T1 an engine that was stopped can be started again', async () => {
    const tab = harness.tab();
    await stream();
    void tab.engine.stop();
    tab.engine.start();
    harness.serverClass('later');
    await appear(['later'], tab.db);
    await eventually(() => expect(harness.server.streams.size).toBe(1));
  });

  it('T1 one tab holds the stream, and another takes over with its outbox', async () => {
    const first = harness.tab();
    await stream();
    const second = harness.tab();
    await second.engine.edit('classes.create', classRow('of the second tab', harness.groupId));
    await settled(second, harness.server);
    expect(harness.server.streams.size).toBe(1);
    await first.close();
    await stream();
    await second.engine.edit('classes.create', classRow('after the first', harness.groupId));
    await settled(second, harness.server);
    expect(new Set(harness.server.pushes.map(({ syncClientId }) => syncClientId)).size).toBe(1);
    expect([...harness.server.applied.values()]).toEqual([1, 1]);
  });

  it('T3 the stream carries what any tab watches, and a new leader asks for it', async () => {
    const [one, two, three] = [newId('run'), newId('run'), newId('run')];
    const first = harness.tab();
    await stream();
    const second = harness.tab();
    const [owner, other] = [Symbol('page'), Symbol('another')];
    first.engine.watchRuns(owner, [one]);
    second.engine.watchRuns(owner, [two]);
    second.engine.watchRuns(other, [two, three]);
    const lastSet = () => [...(harness.server.watched.at(-1)?.runIds ?? [])];
    await eventually(() => expect(lastSet()).toEqual([one, two, three].sort()));
    await first.close();
    await eventually(() => expect(lastSet()).toEqual([two, three].sort()));
    second.engine.watchRuns(other, []);
    await eventually(() => expect(lastSet()).toEqual([two]));
  });
});

describe('news that reach everybody', () => {
  it('T3 asks again for what is watched when a scope came or went, and only then', async () => {
    harness.server.allow(harness.userId, [harness.scope, 'class:lost']);
    const tab = harness.tab();
    await stream();
    await settled(tab, harness.server);
    const runId = newId('run');
    tab.engine.watchRuns(Symbol('page'), [runId]);
    const asked = () => harness.server.watched.filter(({ runIds }) => runIds.includes(runId)).length;
    await eventually(() => expect(asked()).toBe(1));
    harness.serverClass('no right changes');
    await settled(tab, harness.server);
    expect(asked()).toBe(1);
    harness.server.allow(harness.userId, [harness.scope]);
    harness.server.commit();
    await eventually(() => expect(asked()).toBe(2));
    harness.server.allow(harness.userId, [harness.scope, 'class:new']);
    harness.server.commit();
    await eventually(() => expect(asked()).toBe(3));
  });

  it('C3 comes back in its own moment when the network does', async () => {
    const tab = harness.tab();
    await settled(tab, harness.server);
    harness.browser.page('offline');
    await eventually(async () => expect((await readSyncStatus(tab.db)).online).toBe(false));
    harness.browser.page('online');
    expect(harness.browser.waits.at(-1)).toBe(500);
    await eventually(async () => expect((await readSyncStatus(tab.db)).online).toBe(true));
  });
});

describe('streamed text', () => {
  const runId = newId('run');
  const chunk = (seq: number, text: string, attempt = 1) => ({
    kind: 'chunk' as const,
    runId,
    attempt,
    seq,
    text,
  });

  it('X2 reaches every tab, one that comes late too', async () => {
    const first = harness.tab();
    const second = harness.tab();
    const open = await stream();
    open.send(chunk(1, 'Hello'), chunk(2, ' you'), chunk(2, ' you'));
    await eventually(() => expect(second.engine.texts.get(runId)?.text).toBe('Hello you'));
    const third = harness.tab();
    await eventually(() => expect(third.engine.texts.get(runId)?.text).toBe('Hello you'));
    open.send(chunk(3, '!'));
    await eventually(() => {
      for (const { engine } of [first, second, third]) {
        expect(engine.texts.get(runId)?.text).toBe('Hello you!');
      }
    });
  });

  it('X3 is forgotten in every tab once the end of the run is stored', async () => {
    const first = harness.tab();
    const second = harness.tab();
    const open = await stream();
    open.send(chunk(1, 'Hello'));
    await eventually(() => expect(second.engine.texts.get(runId)?.text).toBe('Hello'));
    harness.server.put(
      'runs',
      {
        runId,
        kind: 'chat',
        chatSessionId: null,
        messageId: null,
        answerMessageId: null,
        userId: harness.userId,
        classId: null,
        toolVersionId: newId('toolversion'),
        status: 'completed',
        attempt: 1,
        continues: false,
        notice: null,
        errorCode: null,
        errorMessage: null,
        startedAt: 1,
        finishedAt: 2,
        createdAt: 1,
        updatedAt: 1,
      },
      [harness.scope],
    );
    harness.server.commit();
    await eventually(() => {
      expect(first.engine.texts.get(runId)).toBeUndefined();
      expect(second.engine.texts.get(runId)).toBeUndefined();
    });
    expect(harness.browser.waits).toContain(2_000);
    expect(await first.db.runs.get(runId)).toMatchObject({ status: 'completed' });
  });
});

describe('versions', () => {
  it('C6 a server of another version is waited for: nothing is lost, it is said, and it ends by itself', async () => {
    let other = true;
    const refuse = () => {
      if (other)
        throw new ORPCError('CONFLICT', { status: 409, data: { details: { reason: 'other_version' } } });
    };
    const { pull, push, stream: open } = harness.api;
    const tab = harness.tab({
      ...harness.api,
      pull: async (input, options) => {
        refuse();
        return pull(input, options);
      },
      push: async (input, options) => {
        refuse();
        return push(input, options);
      },
      stream: async (input, options) => {
        refuse();
        return open(input, options);
      },
    });
    await tab.engine.edit('classes.create', classRow('mine', harness.groupId));
    await eventually(async () => expect((await readSyncStatus(tab.db)).outdated).toBe(true));
    expect(await readSyncStatus(tab.db)).toMatchObject({
      queued: 1,
      refused: 0,
      online: true,
      signedOut: false,
    });
    expect(await namesOf(tab.db)).toEqual(['mine']);
    other = false;
    await settled(tab, harness.server);
    await eventually(async () => expect((await readSyncStatus(tab.db)).outdated).toBe(false));
    expect([...harness.server.applied.values()]).toEqual([1]);
  });

  it('C6 what was said to an older app says nothing about the one that runs now', async () => {
    const tab = harness.tab();
    await settled(tab, harness.server);
    await tab.close();
    const { db } = harness.tab();
    await writeMeta(db, 'refusedVersion', '1.0badcafe');
    expect((await readSyncStatus(db)).outdated).toBe(false);
  });

  it('C7 a tab of another version than the rows stores nothing more, and lets another lead', async () => {
    const row = harness.serverClass('maths');
    const old = harness.tab();
    await settled(old, harness.server);
    await stream();
    await writeMeta(old.db, 'schemaHash', 'of a newer app');
    await eventually(() => expect(old.engine.status.get().displaced).toBe(true));
    await eventually(() => expect(harness.server.streams.size).toBe(0));
    harness.serverClass('physics');
    for (let turn = 0; turn < 50; turn++) {
      await breathe();
      expect(harness.server.streams.size).toBe(0);
    }
    expect(await namesOf(old.db)).toEqual(['maths']);

    // What is written in it is kept and goes out from the tab that leads now.
    await old.engine.edit('classes.update', { classId: row.classId, name: 'algebra' });
    const newer = harness.tab();
    await settled(newer, harness.server);
    expect(await namesOf(newer.db)).toEqual(['algebra', 'physics']);
    expect(newer.engine.status.get().displaced).toBe(false);
    expect(old.engine.status.get().displaced).toBe(true);
  });

  it('C7 a batch that is under way when another version opens the database is not stored', async () => {
    const tab = harness.tab();
    await settled(tab, harness.server);
    const position = await readMeta(tab.db, 'position');
    await tab.close();
    const db = harness.tab().db;
    await writeMeta(db, 'schemaHash', 'of a newer app');
    const batch = { from: position?.cursor ?? null, frames: [], cursor: 'the next one' };
    await expect(applyFrames(db, testEditsByName, batch, 1)).rejects.toThrow(DisplacedError);
    expect(await readMeta(db, 'position')).toEqual(position);
  });

  it('C7 a tab lets a database go that another version wants to make newer, and never leads again', async () => {
    const tab = harness.tab();
    await settled(tab, harness.server);
    const opening = indexedDB.open(tab.db.name, tab.db.verno * 10 + 10);
    await new Promise<void>((resolve, reject) => {
      opening.onsuccess = () => resolve();
      opening.onblocked = () => reject(new Error('the tab holds on to it'));
    });
    opening.result.close();
    expect(tab.engine.status.get().displaced).toBe(true);
    await eventually(() => expect(harness.server.streams.size).toBe(0));
  });

  it('C7 a database that the browser took away under an open page is made anew, of this version', async () => {
    harness.serverClass('maths');
    const tab = harness.tab();
    await settled(tab, harness.server);
    expect(await readMeta(tab.db, 'sealKey')).toBeDefined();
    await deleteLocalDb(harness.userId);
    // Nothing happens on the server, and nobody touches the page.
    await appear(['maths'], tab.db);
    await settled(tab, harness.server);
    expect(await readMeta(tab.db, 'schemaHash')).toBe(syncSchemaHash);
    expect(await readMeta(tab.db, 'sealKey')).toBeDefined();
    await tab.engine.edit('classes.create', classRow('mine', harness.groupId));
    await settled(tab, harness.server);
    await appear(['maths', 'mine'], tab.db);
  });
});
