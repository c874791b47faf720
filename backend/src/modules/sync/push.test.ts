import { newId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { stored } from '../../db/stored_id';
import { AppError } from '../../lib/app_error';
import type { SignedIn } from '../../procedures/context';
import { buildApp, buildSchool } from '../../test/build_app';
import { SyncDevice } from '../../test/sync_device';
import { push, type RunEdit } from './services/push.service';

let built: Awaited<ReturnType<typeof buildApp>>;
let signedIn: SignedIn;
let device: SyncDevice;
beforeAll(async () => {
  built = await buildApp();
});
afterAll(() => built.close());
beforeEach(async () => {
  const school = await buildSchool(built.app.systemDb);
  const context = built.as(await school.addPerson('group_admin'), school.tenantId);
  const found = await context.app.resolveSession(context.headers);
  if (!found) throw new Error('nobody is signed in');
  signedIn = found;
  device = new SyncDevice(context);
  await device.pull();
});

const mutation = (mid: number) => ({
  mid,
  name: 'classes.archive' as const,
  args: { classId: newId('class'), archived: true },
});
const send = (mids: number[], runEdit: RunEdit) =>
  push(built.app, signedIn, { syncClientId: device.syncClientId, mutations: mids.map(mutation) }, runEdit);
const fail =
  (error: Error): RunEdit =>
  async () => {
    throw error;
  };
const database = (code: string) => Object.assign(new Error('told by the database'), { code });

async function refusals(): Promise<unknown[]> {
  await device.pull();
  return device.of('syncRefusals').map(({ mid, code }) => [mid, code]);
}

test('what comes again beside what is new is done once, and the new is done', async () => {
  const run = vi.fn<RunEdit>(async () => undefined);
  expect((await send([1, 2], run)).lastMid).toBe(2);
  expect((await send([1, 2, 3], run)).lastMid).toBe(3);
  expect(run).toHaveBeenCalledTimes(3);
});

test('nothing behind a gap is done before the gap is filled', async () => {
  const run = vi.fn<RunEdit>(async () => undefined);
  expect((await send([1, 3, 4], run)).lastMid).toBe(1);
  expect(run).toHaveBeenCalledTimes(1);
});

test('what fails inside the server is tried five times, then refused and shown, and the next one is done', async () => {
  const broken = vi.fn(fail(new TypeError('a mistake of ours')));
  for (let tries = 1; tries < 5; tries++) {
    await expect(send([1, 2], broken)).rejects.toThrow('a mistake of ours');
    expect(await refusals()).toEqual([]);
  }
  const run: RunEdit = async (...args) => {
    if (broken.mock.calls.length < 5) return broken(...args);
  };
  expect((await send([1, 2], run)).lastMid).toBe(2);
  expect(broken).toHaveBeenCalledTimes(5);
  expect(await refusals()).toEqual([[1, 'INTERNAL_SERVER_ERROR']]);
});

test('a database that is away uses up nothing of that, however often', async () => {
  for (let tries = 0; tries < 12; tries++) await expect(send([1], fail(database('57P01')))).rejects.toThrow();
  expect((await send([1], async () => undefined)).lastMid).toBe(1);
  expect(await refusals()).toEqual([]);
});

test.each(['40001', '40P01'])('what %s ended is begun anew at once, and is no refusal', async (code) => {
  let conflicts = 3;
  const run = vi.fn<RunEdit>(async () => {
    if (conflicts-- > 0) throw database(code);
  });
  expect((await send([1], run)).lastMid).toBe(1);
  expect(run).toHaveBeenCalledTimes(4);
  expect(await refusals()).toEqual([]);
});

test('a refusal takes back what the edit wrote, and whatever it caused outside, and counts as done', async () => {
  const { tenantId, userId } = signedIn;
  const run: RunEdit = async () => {
    await built.app.db.syncClients.create({ tenantId, userId, syncClientId: newId('device') });
    throw new AppError('CONFLICT', 'Not like this.');
  };
  const before = await built.app.systemDb.syncClients.where(stored({ tenantId })).count();
  expect((await send([1], run)).lastMid).toBe(1);
  expect(await built.app.systemDb.syncClients.where(stored({ tenantId })).count()).toBe(before);
  expect(await refusals()).toEqual([[1, 'CONFLICT']]);
});
