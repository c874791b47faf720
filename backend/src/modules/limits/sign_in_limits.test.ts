import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ConfigZod } from '../../configs/config';
import { createSystemPool } from '../../db/create_system_pool';
import { demoPassword, demoSignIns } from '../../db/seeds/demo_people';
import { createLogger } from '../../lib/logger';
import { startServer } from '../../server';
import { createTestDatabase } from '../../test/database';
import { openSilentNetwork } from '../../test/silent_network';
import { SignInLimits } from './sign_in_limits';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let network: Awaited<ReturnType<typeof openSilentNetwork>>;
beforeAll(async () => {
  database = await createTestDatabase();
  network = await openSilentNetwork(database.url);
});
afterAll(async () => {
  await network.close();
  await database.drop();
});

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

test('a flood is refused without a statement once it is twice over the limit, and nobody else is', async () => {
  const pool = createSystemPool(database.url, 'test-flood', 2);
  const limits = new SignInLimits(pool, 1);
  // Twenty a minute for the network, each for another account.
  const guess = (at: number) => limits.begin(`guess${at}@alder.example`, '2001:db8:7:7::1');
  for (let at = 0; at < 40; at++) await guess(at).catch(() => {});
  const asked = vi.spyOn(pool, 'query');
  for (let at = 40; at < 60; at++) await expect(guess(at)).rejects.toMatchObject(tooMany);
  expect(asked).not.toHaveBeenCalled();
  await limits.begin('guess41@alder.example', '2001:db8:7:8::1');
  expect(asked).toHaveBeenCalled();
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
    network.goOn();
    await expect.poll(() => enter(teacher.email, demoPassword), { timeout: 90_000 }).toBe(200);
  } finally {
    network.goOn();
    await server.stop();
  }
});
