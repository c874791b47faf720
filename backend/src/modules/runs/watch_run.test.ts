import { call, getEventMeta } from '@orpc/server';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { stored, storedId } from '../../db/stored_id';
import { userAppRouter } from '../../routers/user_app.router';
import { buildRuns } from '../../test/build_runs';
import { RunLooks } from './run_looks';
import { performRunTask } from './runs.event';
import { lookAtRuns } from './services/look_at_runs.service';

let runs: Awaited<ReturnType<typeof buildRuns>>;
beforeAll(async () => {
  // Two workers: whichever has the run, everybody watches it in this process.
  runs = await buildRuns({ workers: 2 });
});
afterAll(() => runs.close());
const settles = { timeout: 20_000, interval: 30 };
const words = Array.from({ length: 80 }, (_, at) => `word${at} `).join('');
const text = words.trimEnd();

type Chat = Awaited<ReturnType<typeof runs.openChat>>;
type RunId = Parameters<Chat['run']>[0];
async function watch(runId: RunId, who: { context: Chat['context'] }, lastEventId?: string) {
  await signIn(who);
  return call(userAppRouter.runs.watch, { runId }, { ...who, lastEventId });
}

/** Puts the sign-in of a context into the database, where it is looked at while somebody watches. */
async function signIn({ context: { app, headers } }: { context: Chat['context'] }) {
  const signedIn = await app.resolveSession(headers);
  if (!signedIn) throw new Error('nobody');
  const { userId, tenantId, authSessionId: id, name } = signedIn;
  const email = `${userId}@school.example`;
  await app.systemDb.authUsers
    .create({ id: userId, tenantId, name, email, emailVerified: false })
    .onConflictDoNothing();
  await app.systemDb.authSessions
    .create({ id, userId, token: id, expiresAt: Date.now() + 3_600_000, deviceContext: 'personal' })
    .onConflictDoNothing();
  return id;
}

/** Reads until `enough`, and says what came and the id of the last. */
async function read(watching: Awaited<ReturnType<typeof watch>>, enough = (_: string) => false) {
  let came = '';
  let id: string | undefined;
  for await (const chunk of watching) {
    came += chunk.text;
    id = getEventMeta(chunk)?.id;
    if (enough(came)) break;
  }
  return { came, id };
}

async function askSlowly(pace = 15) {
  const chat = await runs.openChat();
  runs.stub.script({ kind: 'ok', text, pace });
  const { runId } = await chat.say('tell me');
  return { chat, runId };
}

test('two devices and a teacher read the same whole text, however late they come', async () => {
  const { chat, runId } = await askSlowly();
  const early = read(await watch(runId, chat));
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('processing'), settles);
  const teacher = read(await watch(runId, { context: chat.teacher }));
  const begun = await read(await watch(runId, chat), (came) => came.includes('word9 '));
  const late = read(await watch(runId, chat));
  expect(text.startsWith(begun.came)).toBe(true);
  for (const reader of [early, teacher, late]) expect((await reader).came).toBe(text);
  const after = await read(await watch(runId, chat));
  expect(after.came).toBe(text);
});

test('whoever loses the line goes on after the last piece, without a gap and without a word twice', async () => {
  const { chat, runId } = await askSlowly();
  let came = '';
  let lastEventId: string | undefined;
  // Dropped again and again, after a few more words each time.
  while (came.length < text.length) {
    const from = came.length;
    const part = await read(await watch(runId, chat, lastEventId), (got) => got.length > 25);
    came += part.came;
    lastEventId = part.id ?? lastEventId;
    if (came.length === from) break;
  }
  expect(came).toBe(text);
  expect(runs.stub.requests.filter(({ aborted }) => aborted)).toEqual([]);
});

test('when another worker starts over, so does the text, under a higher attempt', async () => {
  const chat = await runs.openChat();
  runs.stub.script({ kind: 'ok', text: `lost ${words}`, pace: 40 }, { kind: 'ok', text, pace: 1 });
  const { runId } = await chat.say('tell me');
  const watching = await watch(runId, chat);
  const byAttempt = new Map<number, string>();
  const ids = stored({ tenantId: runs.school.tenantId, runId });
  for await (const { attempt, text: piece } of watching) {
    byAttempt.set(attempt, (byAttempt.get(attempt) ?? '') + piece);
    if (byAttempt.has(2)) continue;
    // The first worker is as good as dead: its lease has run out, and somebody has a turn. Its beat may come between.
    const leases = runs.built.app.systemDb.runLeases.where({ ...ids, attempt: 1 });
    if ((await leases.update({ leaseUntil: Date.now() - 1, taskId: null })) === 0) continue;
    await runs.built.app.enqueue(performRunTask, { tenantId: runs.school.tenantId, runId });
  }
  expect([...byAttempt.keys()].sort()).toEqual([1, 2]);
  expect(byAttempt.get(2)).toBe(text);
  expect((await chat.run(runId)).status).toBe('completed');
  expect((await chat.messages()).map((message) => message.text)).toEqual(['tell me', text]);
});

test('a stranger is told that there is nothing', async () => {
  const { chat, runId } = await askSlowly();
  const stranger = await runs.openChat();
  for (const who of [stranger, { context: stranger.teacher }]) {
    await expect(read(await watch(runId, who))).rejects.toThrow('does not exist');
  }
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('completed'), settles);
});

test.each(['signed out', 'signed in for too long'])(
  'whoever is %s while they watch reads no further',
  async (how) => {
    const { chat, runId } = await askSlowly(60);
    const watching = read(await watch(runId, chat));
    const refused = expect(watching).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('processing'), settles);
    const session = chat.context.app.systemDb.authSessions.find(storedId(await signIn(chat)));
    await (how === 'signed out' ? session.delete() : session.update({ expiresAt: Date.now() - 1 }));
    await refused;
    // The answer itself goes on, for whoever signs in again.
    await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('completed'), settles);
  },
);

test('many who watch are looked after by one statement a look; one person watches so many and no more', async () => {
  const { app } = runs.built;
  const looks: number[] = [];
  app.runLooks = new RunLooks((watches) => {
    looks.push(watches.length);
    return lookAtRuns(app.systemDb, watches);
  });
  const { chat, runId } = await askSlowly(50);
  const watching = await Promise.all(Array.from({ length: 20 }, () => watch(runId, chat)));
  const readers = watching.map((each) => read(each));
  await expect(read(await watch(runId, chat))).rejects.toMatchObject({ code: 'RATE_LIMIT_EXCEEDED' });
  // Another person still may.
  const teacher = read(await watch(runId, { context: chat.teacher }));
  const began = performance.now();
  for (const reader of [...readers, teacher]) expect((await reader).came).toBe(text);
  const regular = looks.filter((count) => count === 21).length;
  expect(regular).toBeGreaterThan(0);
  // Those who come are asked for in their turn of the event loop, the rest by the clock.
  expect(looks.length).toBeLessThan(15 + (performance.now() - began) / 250);
  expect((await read(await watch(runId, chat))).came).toBe(text);
});
