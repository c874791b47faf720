import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ConfigZod } from '../../configs/config';
import { createSystemPool } from '../../db/create_system_pool';
import { demoPassword, demoSignIns } from '../../db/seeds/demo_people';
import { createLogger } from '../../lib/logger';
import { startServer } from '../../server';
import { createSilentDatabase } from '../../test/silent_network';
import { SignInLimits } from './sign_in_limits';

let database: Awaited<ReturnType<typeof createSilentDatabase>>;
let network: (typeof database)['network'];
beforeAll(async () => {
  database = await createSilentDatabase();
  ({ network } = database);
});
afterAll(() => database.drop());

/** What stands in the database under a key that begins so. */
async function counted(pool: Pool, key: string): Promise<number> {
  const { rows } = await pool.query<{ points: number }>('select points from rate_limits where key = $1', [
    key,
  ]);
  return rows[0]?.points ?? 0;
}

const tooMany = { code: 'RATE_LIMIT_EXCEEDED' };

test('while the database is paused a process counts for itself and waits a moment only; what it knew still counts after', async () => {
  const waitMs = 500;
  const pool = createSystemPool(network.url, 'test-paused', 2, '', waitMs);
  const limits = new SignInLimits(pool, 3);
  const [mara, ida] = ['mara@alder.example', 'ida@alder.example'];
  const guess = (account: string) => limits.begin(account, '198.51.100.1');
  for (let at = 0; at < 3; at++) await guess(mara);
  await expect(guess(mara)).rejects.toMatchObject(tooMany);

  network.pause();
  const begun = performance.now();
  const tries = await Promise.allSettled(Array.from({ length: 9 }, () => guess(ida)));
  // Each waits for two counts, and two at a time hold a connection.
  expect(performance.now() - begun).toBeLessThan(waitMs * 20);
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  for (const one of tries) if (one.status === 'rejected') expect(one.reason).toMatchObject(tooMany);

  network.goOn();
  await expect(guess(mara)).rejects.toMatchObject(tooMany);
  expect((await guess('nia@alder.example')).headers['x-ratelimit-remaining']).toBe('2');
  await pool.end();
});

test('of tries that failed a flood is refused with a statement or two a second, and nobody else is', async () => {
  const pool = createSystemPool(database.url, 'test-flood', 2);
  const limits = new SignInLimits(pool, 1);
  // Twenty a minute for the network, each for another account.
  const guess = async (at: number) =>
    (await limits.begin(`guess${at}@alder.example`, '2001:db8:7:7::1')).end(true);
  for (let at = 0; at < 20; at++) await guess(at);
  await expect(guess(20)).rejects.toMatchObject(tooMany);
  const asked = vi.spyOn(pool, 'connect');
  for (let at = 21; at < 40; at++) await expect(guess(at)).rejects.toMatchObject(tooMany);
  expect(asked).not.toHaveBeenCalled();
  await limits.begin('guess41@alder.example', '2001:db8:7:8::1');
  expect(asked).toHaveBeenCalled();
  await pool.end();
});

test('a school that comes at once is not shut out by those who were too early: they wait a second, and nobody has failed', async () => {
  const pool = createSystemPool(database.url, 'test-school', 2);
  const limits = new SignInLimits(pool, 1);
  const places = 20;
  const enter = (at: number) => limits.begin(`pupil${at}@alder.example`, '198.51.100.20');
  let outside = Array.from({ length: 3 * places }, (_, at) => at);
  for (let round = 0; outside.length > 0; round++) {
    expect(round).toBeLessThan(10);
    const tries = await Promise.allSettled(outside.map(enter));
    const early = outside.filter((_, at) => tries[at]?.status === 'rejected');
    for (const tried of tries) {
      if (tried.status === 'rejected') expect(tried.reason).toMatchObject({ details: { retryAfter: 1 } });
      else await tried.value.end(false);
    }
    expect(early.length).toBe(Math.max(0, outside.length - places));
    outside = early;
    await vi.waitFor(async () => expect(await counted(pool, 'auth-net:198.51.100.20')).toBe(0));
  }
  await pool.end();
});

test('who hammers at one account shuts out that account, and nobody beside it', async () => {
  const pool = createSystemPool(database.url, 'test-hammer', 2);
  const limits = new SignInLimits(pool, 1);
  const enter = (name: string) => limits.begin(`${name}@alder.example`, '198.51.100.30');
  await (await enter('mara')).end(true);
  for (let at = 0; at < 50; at++) await expect(enter('mara')).rejects.toMatchObject(tooMany);
  expect(await counted(pool, 'auth-net:198.51.100.30')).toBe(1);
  await (await enter('bo')).end(false);
  await pool.end();
});

test('a try that was counted before the database went away, and did not fail, is given back when it is there again', async () => {
  const pool = createSystemPool(network.url, 'test-given-back', 2, '', 500);
  const limits = new SignInLimits(pool, 2);
  const enter = () => limits.begin('nia@alder.example', '198.51.100.40');
  await (await enter()).end(true);
  const right = await enter();
  await expect(enter()).rejects.toMatchObject({ details: { retryAfter: 1 } });
  network.silence();
  await right.end(false);
  network.mend();
  await vi.waitFor(async () => (await enter()).end(false), { timeout: 20_000, interval: 200 });
  await vi.waitFor(async () => expect(await counted(pool, 'auth-net:198.51.100.40')).toBe(1), {
    timeout: 20_000,
  });
  await pool.end();
});

test('a server whose database is paused says so at the door, refuses whoever guesses on, and lets people in when it is back', {
  timeout: 180_000,
}, async () => {
  const max = 3;
  const config = ConfigZod.parse({
    NODE_ENV: 'test',
    DATABASE_URL: network.url,
    PORT: '0',
    BETTER_AUTH_SECRET: 'a secret of the tests, long enough for anybody',
    RATE_LIMIT_AUTH_MAX: String(max),
  });
  const server = await startServer(config, createLogger('silent'));
  const url = `http://127.0.0.1:${server.port}`;
  const enter = async (email: string, password: string) => {
    const response = await fetch(`${url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ email, password }),
      signal: AbortSignal.timeout(60_000),
    });
    return response.status;
  };
  const [teacher, pupil] = demoSignIns;
  try {
    expect(await enter(teacher.email, demoPassword)).toBe(200);
    network.pause();
    const statuses = await Promise.all(
      Array.from({ length: max + 4 }, (_, at) => enter(pupil.email, `guess ${at}`)),
    );
    expect(statuses.filter((status) => status === 503)).toHaveLength(max);
    expect(statuses.filter((status) => status === 429)).toHaveLength(4);
    const right = await Promise.all(Array.from({ length: max }, () => enter(teacher.email, demoPassword)));
    expect(right).toEqual(Array(max).fill(503));
    network.goOn();
    await expect.poll(() => enter(teacher.email, demoPassword), { timeout: 90_000 }).toBe(200);
    // Nobody could look at those passwords, so none of them has failed: there is room for as many guesses as ever.
    for (let at = 0; at < max; at++) expect(await enter(teacher.email, `guess ${at}`)).toBe(401);
    expect(await enter(teacher.email, demoPassword)).toBe(429);
  } finally {
    network.goOn();
    await server.stop();
  }
});
