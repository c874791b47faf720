import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDb, type Db } from '../db/db';
import { createTestDatabase } from '../test/database';
import { orchidQuery } from './orchid_query';
import { createQueue } from './tbus';
import { createTestBed, silentLogger } from './test_bed';
import { aiWork, classRenamed } from './test_tasks';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let bed: ReturnType<typeof createTestBed>;
let db: Db;

beforeAll(async () => {
  database = await createTestDatabase();
  bed = createTestBed(database.url);
  const queue = createQueue({
    connection: bed.connection,
    queues: {},
    producerRoles: ['rapt_app'],
    logger: silentLogger,
  });
  await queue.start();
  await queue.stop();
  db = connectDb(database.url, 'app', 2);
});
afterAll(async () => {
  await db.$close();
  await bed.close();
  await database.drop();
});

async function count(table: 'tasks' | 'events'): Promise<number> {
  const { rows } = await bed.system.query(`select count(*)::int as count from tbus.${table}`);
  return rows[0].count;
}

test('a task and an event are stored with the transaction of Orchid they were sent in', async () => {
  const id = await db.$transaction(async () => {
    await classRenamed.publish(orchidQuery(db), { key: 'kept' });
    return aiWork.send(orchidQuery(db), { key: 'kept' });
  });
  expect(await bed.task(id)).toMatchObject({ state: 0 });
  expect(await count('events')).toBe(1);
});

test('they are rolled back with it, and with a savepoint of it', async () => {
  const before = [await count('tasks'), await count('events')];
  const undone = new Error('undone');
  const sendBoth = async () => {
    await aiWork.sendMany(orchidQuery(db), [{ key: 'a' }, { key: 'b' }]);
    await classRenamed.publish(orchidQuery(db), { key: 'undone' });
    throw undone;
  };
  await expect(db.$transaction(sendBoth)).rejects.toBe(undone);
  await db.$transaction(() => expect(db.$transaction(sendBoth)).rejects.toBe(undone));
  expect([await count('tasks'), await count('events')]).toEqual(before);
});
