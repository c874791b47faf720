import { call } from '@orpc/server';
import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { TableDigest } from '@raptscallions/zod-schemas/sync_digest';
import {
  encodeSyncRow,
  type SyncBody,
  type SyncTableName,
  syncTableNames,
  unpackSyncRows,
} from '@raptscallions/zod-schemas/sync_table';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stored } from '../../db/stored_id';
import { userAppRouter } from '../../routers/user_app.router';
import { buildApp, buildSchool } from '../../test/build_app';
import { pullFrames } from '../../test/sync_device';

let built: Awaited<ReturnType<typeof buildApp>>;
let school: Awaited<ReturnType<typeof buildSchool>>;
let adminUserId: UserId;
let classId: ClassId;
beforeAll(async () => {
  built = await buildApp();
  school = await buildSchool(built.app.systemDb);
  adminUserId = await school.addPerson('group_admin');
  classId = await school.addClass(await school.addPerson('teacher'), [await school.addPerson('student')]);
});
afterAll(() => built.close());

const syncClientId = newId('device');
const context = () => built.as(adminUserId, school.tenantId);

/** What a device holds after a first load: where it stands, and its rows through the browser's own codec. */
async function load() {
  let cursor = '';
  const scopes = new Set<string>();
  const rows = new Map<string, { table: SyncTableName; rev: number; body: SyncBody }>();
  for (const frame of await pullFrames(context(), { syncClientId, cursor: null, scopes: [] })) {
    if (frame.kind === 'cursor') cursor = frame.cursor;
    if (frame.kind !== 'rows') continue;
    scopes.add(frame.scope);
    for (const { table, id, rev, row } of frame.rows.flatMap(unpackSyncRows))
      rows.set(`${table} ${id}`, { table, rev, body: encodeSyncRow(table, row) });
  }
  return { position: { syncClientId, cursor, scopes: [...scopes] }, rows: [...rows.values()] };
}

const ask = (position: Awaited<ReturnType<typeof load>>['position']) =>
  call(userAppRouter.sync.digest, position, { context: context() });

test('a device that holds what the server has comes to the same digest in every table', async () => {
  const { position, rows } = await load();
  const digests = new Map(syncTableNames.map((table) => [table, new TableDigest()]));
  for (const { table, rev, body } of rows) digests.get(table)?.add(rev, body);
  const answer = await ask(position);
  expect(answer.moved).toBe(false);
  expect(answer.tables.map(({ table }) => table)).toEqual(syncTableNames);
  for (const { table, ...value } of answer.tables)
    expect([table, value]).toEqual([table, digests.get(table)?.value]);
  expect(answer.tables.find(({ table }) => table === 'users')?.rows).toBeGreaterThan(1);
});

test('nothing is compared while the device lacks a change, a scope or its place', async () => {
  const { position } = await load();
  const { tenantId } = school;
  await built.app.systemDb.classes.where(stored({ tenantId, classId })).update({ name: 'Moved on' });
  expect(await ask(position)).toMatchObject({ moved: true, tables: [] });
  const again = await load();
  expect((await ask(again.position)).moved).toBe(false);
  expect((await ask({ ...again.position, scopes: again.position.scopes.slice(1) })).moved).toBe(true);
  expect((await ask({ ...again.position, cursor: 'of nobody' })).moved).toBe(true);
});

test('a write that is not committed yet, or of somebody else, is no difference', async () => {
  const { position } = await load();
  const other = await buildSchool(built.app.systemDb);
  await other.addClass(await other.addPerson('teacher'), []);
  const { tenantId } = school;
  await built.app.systemDb.$transaction(async () => {
    await built.app.systemDb.classes.where(stored({ tenantId, classId })).update({ name: 'Not yet' });
    const answer = await ask(position);
    expect(answer.moved).toBe(false);
  });
  expect((await ask(position)).moved).toBe(true);
});
