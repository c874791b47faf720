import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigZod } from './configs/config';
import { listCronJobs } from './cron_jobs';
import { connectDb, type Db } from './db/db';
import { storedId } from './db/stored_id';
import { createLogger } from './lib/logger';
import { createSecretBox } from './lib/secret_box';
import { type RunningServer, startServer } from './server';
import { createTestDatabase } from './test/database';

const token = 'a token that a clock outside has';
const logger = createLogger('silent');
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let server: RunningServer;
let system: Db;
let names: string[];
beforeAll(async () => {
  database = await createTestDatabase();
  // Without a clock of its own, so that whatever is done was asked for.
  const config = ConfigZod.parse({
    NODE_ENV: 'test',
    ROLE: 'api',
    DATABASE_URL: database.url,
    PORT: '0',
    BETTER_AUTH_SECRET: 'a secret of the tests, long enough for anybody',
    CRON_JOB_TOKEN: token,
  });
  server = await startServer(config, logger);
  system = connectDb(database.url, 'system', 2);
  const rosterTools = {
    databaseUrl: database.url,
    secretBox: createSecretBox('t'.repeat(40)),
    allowedHosts: [],
    logger,
  };
  names = listCronJobs({ config, systemDb: system, db: system, enqueue: async () => {}, rosterTools }).map(
    ({ name }) => name,
  );
});
afterAll(async () => {
  await system.$close();
  await server.stop();
  await database.drop();
});

async function run(name: string): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${server.port}/api/cron-jobs/${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  return response.json();
}

test('chats are kept as long as their school says: the clock erases the older ones', async () => {
  const chat = await system.chatSessions.order({ lastMessageAt: 'ASC' }).take();
  const id = { chatSessionId: storedId(chat.chatSessionId) };
  const before = await system.chatSessions.count();
  await system.chatSessions.where(id).update({ lastMessageAt: Date.now() - 45 * 86_400_000 });
  await system.groups.where({ kind: 'district' }).update({ settings: { retentionDays: 30 } });
  expect(await run('apply_retention')).toEqual({ job: 'apply_retention', ran: true });
  expect(await system.chatSessions.where(id).count()).toBe(0);
  expect(await system.messages.where(id).count()).toBe(0);
  expect(await system.chatSessions.count()).toBe(before - 1);
});

test('every job of the clock is done when it is asked for by a clock outside', async () => {
  expect(names).toContain('apply_retention');
  const others = names.filter((name) => name !== 'apply_retention');
  for (const job of others) expect(await run(job)).toEqual({ job, ran: true });
  expect(await run('no_such_job')).toMatchObject({ code: 'NOT_FOUND' });
});
