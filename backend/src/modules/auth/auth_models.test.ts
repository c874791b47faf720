import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDb, type Db } from '../../db/db';
import { createTestDatabase } from '../../test/database';
import { createAuthModels } from './auth_models';
import { lookUpEvenly } from './look_up_evenly';
import { createOrchidAdapter } from './orchid_adapter';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let db: Db;
let adapter: ReturnType<ReturnType<typeof createOrchidAdapter>>;
const userId = newId('user');
let sessionId: RichId<'authsession'>;

beforeAll(async () => {
  database = await createTestDatabase();
  db = connectDb(database.url, 'system', 3);
  adapter = createOrchidAdapter(createAuthModels(db))({});
  const tenantId = newId('tenant');
  await db.tenants.insert({ tenantId, name: 'Test' });
  await db.authUsers.insert({ id: userId, tenantId, name: 'Mara', email: 'mara@example.com' });
  const made = await adapter.create<Record<string, unknown>, { id: RichId<'authsession'> }>({
    model: 'session',
    data: {
      userId,
      token: 'a token',
      expiresAt: new Date(5_000),
      createdAt: new Date(),
      updatedAt: new Date(),
    },
  });
  sessionId = made.id;
});
afterAll(async () => {
  await db.$close();
  await database.drop();
});

const find = (field: string, value: string | string[], operator?: 'eq' | 'ne' | 'in' | 'not_in') =>
  adapter.findMany({ model: 'session', where: [{ field, value, operator }] });

test('ids are rich ids of the model, and times are dates', async () => {
  expect(sessionId).toMatch(/^authsession-[0-7][0-9A-Z]{25}$/);
  expect(await find('id', sessionId)).toMatchObject([{ id: sessionId, userId, expiresAt: new Date(5_000) }]);
});

test('an id of another kind, and text that is no id, are not found rather than an error', async () => {
  const wrong = [userId, sessionId.replace('authsession', 'class'), sessionId.slice(0, -1), 'x', ''];
  for (const id of wrong) {
    expect(await find('id', id)).toEqual([]);
    expect(await find('id', id, 'ne')).toHaveLength(1);
    expect(await find('id', [id, sessionId], 'in')).toHaveLength(1);
    expect(await find('id', [id], 'in')).toEqual([]);
    expect(await find('id', [id], 'not_in')).toHaveLength(1);
    const where = [{ field: 'id', value: id }];
    expect(await adapter.update({ model: 'session', where, update: { token: 'stolen' } })).toBeNull();
    expect(await adapter.consumeOne({ model: 'session', where })).toBeNull();
    expect(await adapter.deleteMany({ model: 'session', where })).toBe(0);
  }
});

test('what a pattern looks for has no wildcards', async () => {
  const where = (value: string) => [{ field: 'token', operator: 'contains' as const, value }];
  expect(await adapter.count({ model: 'session', where: where('tok') })).toBe(1);
  expect(await adapter.count({ model: 'session', where: where('%') })).toBe(0);
  expect(await adapter.count({ model: 'session', where: where('t_k') })).toBe(0);
});

test('of many who consume a row, or take the last of a counter, one gets it', async () => {
  const data = {
    identifier: 'once',
    value: 'v',
    expiresAt: new Date(),
    createdAt: new Date(),
    updatedAt: new Date(),
  };
  await adapter.create({ model: 'verification', data });
  await adapter.create({ model: 'verification', data });
  const where = [{ field: 'identifier', value: 'once' }];
  const taken = await Promise.all(
    Array.from({ length: 8 }, () => adapter.consumeOne<{ id: string }>({ model: 'verification', where })),
  );
  const ids = taken.flatMap((row) => row?.id ?? []);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length + (await adapter.count({ model: 'verification', where }))).toBe(2);
});

test('a model we have no table for is an error', async () => {
  expect(() => createAuthModels(db).table('organization')).toThrow('organization');
});

test('an address nobody has is looked up with the statements of one that somebody has', async () => {
  const asked: string[] = [];
  const models = createAuthModels(db);
  const counting = {
    ...models,
    table: (model: string) => {
      asked.push(model);
      return models.table(model);
    },
  };
  const evenly = lookUpEvenly(createOrchidAdapter(counting)({}));
  const lookUp = async (email: string) => {
    asked.length = 0;
    const where = [{ field: 'email', value: email }];
    const found = await evenly.findOne({ model: 'user', where, join: { account: true } });
    return { found: found !== null, asked: [...asked] };
  };
  const somebody = await lookUp('mara@example.com');
  expect(somebody).toEqual({ found: true, asked: ['user', 'account'] });
  expect(await lookUp('nobody@example.com')).toEqual({ ...somebody, found: false });
});
