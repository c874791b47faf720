import { call } from '@orpc/server';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { userAppRouter } from '../../routers/user_app.router';
import { buildRuns } from '../../test/build_runs';

let runs: Awaited<ReturnType<typeof buildRuns>>;
beforeAll(async () => {
  // Shares count over all workers.
  runs = await buildRuns({ shares: { perClass: 6, perUser: 2 }, workers: 2 });
});
afterAll(() => runs.close());
const settles = { timeout: 20_000, interval: 30 };

test('a class whose answers do not come has its share under way, and keeps nobody else waiting', async () => {
  const stuck = await runs.openClass(20, 'stub-hang');
  const asked = await Promise.all(stuck.chats.map(async (chat) => ({ chat, ...(await chat.say('hello')) })));
  await vi.waitFor(async () => expect(await stuck.underWay()).toBe(6), settles);
  const other = await runs.openChat();
  const { runId } = await other.say('may I');
  await vi.waitFor(async () => expect((await other.run(runId)).status).toBe('completed'), settles);
  expect(await stuck.underWay()).toBe(6);
  for (const { chat, runId: stuckRun } of asked) {
    await call(userAppRouter.chat.stop, { runId: stuckRun }, { context: chat.context });
  }
  await vi.waitFor(async () => expect(await stuck.open()).toBe(0), settles);
});

test('of two hundred questions of a class each is answered once, and the one of another class is not behind them', async () => {
  const many = await runs.openClass(200);
  const before = runs.stub.requests.length;
  await Promise.all(many.chats.map((chat) => chat.say('me too')));
  const other = await runs.openChat();
  const { runId } = await other.say('only one question');
  await vi.waitFor(async () => expect((await other.run(runId)).status).toBe('completed'), settles);
  const waiting = await many.open();
  await vi.waitFor(async () => expect(await many.open()).toBe(0), { timeout: 60_000, interval: 100 });
  expect(runs.stub.requests.length - before).toBe(201);
  expect(waiting).toBeGreaterThan(0);
});

test('a person with several chats has no more under way than one person may', async () => {
  const first = await runs.openChat('stub-hang');
  const chats = [first, await first.another(), await first.another(), await first.another()];
  const asked = await Promise.all(chats.map(async (chat) => (await chat.say('hello')).runId));
  const states = async () =>
    (await Promise.all(asked.map((runId) => first.run(runId)))).map(({ status }) => status).sort();
  await vi.waitFor(
    async () => expect(await states()).toEqual(['pending', 'pending', 'processing', 'processing']),
    settles,
  );
  for (const runId of asked) await call(userAppRouter.chat.stop, { runId }, { context: first.context });
  await vi.waitFor(async () => expect(await states()).toEqual(Array(4).fill('cancelled')), settles);
});
