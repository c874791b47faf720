import { newId } from '@raptscallions/zod-schemas/rich_id';
import {
  type SyncRow,
  type SyncTableName,
  syncColumns,
  syncTableNames,
  syncTables,
} from '@raptscallions/zod-schemas/sync_table';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeMeta } from '../local_db/meta';
import { StillMovingError } from './compare_rows';
import { readSyncStatus } from './read_sync_status';
import type { SyncApi } from './surroundings';
import { classRow, eventually, Harness, namesOf, settled, type Tab } from './test/harness';

let harness: Harness;
beforeEach(() => {
  harness = new Harness();
});
afterEach(() => harness.end());

const { signal } = new AbortController();
const different = async (tab: Tab) =>
  (await tab.engine.compare(signal)).filter(({ identical }) => !identical);

it('G1 finds every table identical, with an edit that still waits over the rows', async () => {
  const row = harness.serverClass('maths');
  harness.serverClass('physics');
  const refuse: SyncApi = {
    ...harness.api,
    push: async () => {
      throw new TypeError('fetch failed');
    },
  };
  const tab = harness.tab(refuse);
  await settled(tab, harness.server);
  await tab.engine.edit('classes.update', { classId: row.classId, name: 'algebra' });
  await tab.engine.edit('classes.create', classRow('mine', harness.groupId));
  expect(await namesOf(tab.db)).toEqual(['algebra', 'mine', 'physics']);
  expect(await different(tab)).toEqual([]);
  const classes = (await tab.engine.compare(signal)).find(({ table }) => table === 'classes');
  expect(classes).toEqual({ table: 'classes', here: 2, there: 2, identical: true });
});

it('G1 finds a row that is missing, one too many, and one of which a single column differs', async () => {
  const row = harness.serverClass('maths');
  harness.serverClass('physics');
  const tab = harness.tab();
  await settled(tab, harness.server);
  const stored = await tab.db.classes.get(row.classId);
  if (!stored) throw new Error('not stored');
  await tab.db.classes.put({ ...stored, subject: 'spoiled' });
  expect(await different(tab)).toEqual([{ table: 'classes', here: 2, there: 2, identical: false }]);
  await tab.db.classes.delete(row.classId);
  expect(await different(tab)).toEqual([{ table: 'classes', here: 1, there: 2, identical: false }]);
  await tab.db.classes.bulkPut([stored, { ...classRow('ghost', harness.groupId), $rev: 1, $scopes: ['a'] }]);
  expect(await different(tab)).toEqual([{ table: 'classes', here: 3, there: 2, identical: false }]);
});

/** A row of a table with something in every column. */
function rowOf<T extends SyncTableName>(table: T): SyncRow<T> {
  const columns = syncColumns[table].map((column, at) => {
    const value =
      column.kind === 'id' ? newId(column.prefix) : column.kind === 'timestamp' ? at : `value ${at}`;
    return [column.name, value];
  });
  return Object.fromEntries(columns);
}

it.each(syncTableNames)(
  'G1 %s: every column that was changed by hand, a row too few and one too many are found',
  async (table) => {
    const [row, other] = [rowOf(table), rowOf(table)];
    for (const each of [row, other]) harness.server.put(table, each, [harness.scope]);
    harness.server.commit();
    const tab = harness.tab();
    await settled(tab, harness.server);
    const rows = tab.db.table<{ $rev: number; $scopes: string[] }>(table);
    const { key } = syncTables[table];
    const id = String(Reflect.get(row, key));
    const stored = await rows.get(id);
    if (!stored) throw new Error('not stored');
    const all = await rows.count();
    expect(await different(tab)).toEqual([]);
    const found = [{ table, identical: false }];
    for (const { name, kind } of syncColumns[table]) {
      if (name === key) continue;
      await rows.put({ ...stored, [name]: kind === 'id' ? Reflect.get(other, name) : 77 });
      expect(await different(tab), name).toMatchObject(found);
    }
    await rows.put({ ...stored, $rev: stored.$rev + 1 });
    expect(await different(tab)).toMatchObject(found);
    await rows.put(stored);
    expect(await different(tab)).toEqual([]);
    await rows.delete(id);
    expect(await different(tab)).toMatchObject([{ ...found[0], here: all - 1, there: all }]);
    await rows.bulkPut([stored, { ...rowOf(table), $rev: 1, $scopes: [harness.scope] }]);
    expect(await different(tab)).toMatchObject([{ ...found[0], here: all + 1, there: all }]);
    await tab.engine.rebuild(signal);
    expect(await different(tab)).toEqual([]);
  },
);

it('G2 compares again when the server has moved on meanwhile, and reports no difference that was on its way', async () => {
  const tab = harness.tab();
  await settled(tab, harness.server);
  const { digest } = harness.api;
  let asked = 0;
  const busy = harness.tab({
    ...harness.api,
    digest: async (input, options) => {
      asked += 1;
      if (asked <= 3) harness.serverClass(`class ${asked}`);
      return digest(input, options);
    },
  });
  expect(await different(busy)).toEqual([]);
  expect(asked).toBeGreaterThan(1);
});

it('G2 gives up in words when it never stands still', async () => {
  const { digest } = harness.api;
  const tab = harness.tab({
    ...harness.api,
    digest: async (input, options) => {
      harness.serverClass('one more');
      return digest(input, options);
    },
  });
  await settled(tab, harness.server);
  await expect(tab.engine.compare(signal)).rejects.toThrow(StillMovingError);
});

it('G3 rebuilding from a tab that does not lead replaces every row and keeps the queue', async () => {
  const row = harness.serverClass('maths');
  let online = true;
  const api: SyncApi = {
    ...harness.api,
    push: async (input, options) => {
      if (!online) throw new TypeError('fetch failed');
      return harness.api.push(input, options);
    },
  };
  const leader = harness.tab(api);
  await settled(leader, harness.server);
  const tab = harness.tab(api);
  online = false;
  await tab.engine.edit('classes.create', classRow('mine', harness.groupId));
  await tab.db.classes.update(row.classId, { name: 'spoiled' });
  expect(await different(tab)).toHaveLength(1);
  await tab.engine.rebuild(signal);
  expect(await different(tab)).toEqual([]);
  expect(await namesOf(tab.db)).toEqual(['maths', 'mine']);
  expect((await readSyncStatus(tab.db)).queued).toBe(1);
  online = true;
  leader.engine.resume();
  await settled(tab, harness.server);
  expect(harness.server.applied.size).toBe(1);
});

it('G3 a rebuild without a network keeps what is here, and comes when the network does', async () => {
  harness.serverClass('maths');
  const tab = harness.tab();
  await settled(tab, harness.server);
  harness.browser.page('offline');
  const rebuilt = tab.engine.rebuild(signal);
  await eventually(async () => expect((await readSyncStatus(tab.db)).online).toBe(false));
  expect(await namesOf(tab.db)).toEqual(['maths']);
  harness.browser.page('online');
  await rebuilt;
  expect(await namesOf(tab.db)).toEqual(['maths']);
});

it('G3 whoever waits for a rebuild can stop waiting', async () => {
  const tab = harness.tab();
  await settled(tab, harness.server);
  harness.browser.page('offline');
  await writeMeta(tab.db, 'position', { cursor: null, scopes: [] });
  const stop = new AbortController();
  const rebuilt = tab.engine.rebuild(stop.signal);
  stop.abort();
  await expect(rebuilt).rejects.toThrow(/abort/i);
});
