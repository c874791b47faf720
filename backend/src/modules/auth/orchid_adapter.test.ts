import {
  authFlowTestSuite,
  caseInsensitiveTestSuite,
  joinsTestSuite,
  normalTestSuite,
  numberIdTestSuite,
  testAdapter,
  transactionsTestSuite,
  uuidTestSuite,
} from '@better-auth/test-utils/adapter';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { BetterAuthOptions } from 'better-auth';
import { getAuthTables } from 'better-auth/db';
import { orchidORM } from 'orchid-orm/node-postgres';
import pg from 'pg';
import { afterAll, vi } from 'vitest';
import { BaseTable } from '../../db/base_table';
import { createTestDatabase } from '../../test/database';
import type { AuthTable } from './match_rows';
import { createOrchidAdapter } from './orchid_adapter';

/**
 * The official suites of better-auth, over tables that come and go with the models each test declares: once
 * with better-auth's own kinds of id, once with rich ids in uuid columns, as we use them.
 */
type Ids = 'text' | 'serial' | 'rich';
type Field = ReturnType<typeof getAuthTables>[string]['fields'][string];

const snakeCase = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function idType(ids: Ids) {
  return { text: 'text', serial: 'integer', rich: 'uuid' }[ids];
}

function sqlType(field: Field, ids: Ids): string {
  if (field.references?.field === 'id') return idType(ids);
  if (field.type === 'date') return 'timestamptz';
  if (field.type === 'number') return field.bigint ? 'bigint' : 'integer';
  return field.type === 'boolean' ? 'boolean' : 'text';
}

function describeTable(name: string, fields: Record<string, Field>, ids: Ids) {
  const named = Object.entries(fields).map(([key, field]) => [field.fieldName ?? key, field] as const);
  const columns = named.map(
    ([key, field]) => `"${snakeCase(key)}" ${sqlType(field, ids)} ${field.unique ? 'unique' : ''}`,
  );
  const id = ids === 'serial' ? 'id serial primary key' : `id ${idType(ids)} primary key`;
  const table = class extends BaseTable {
    readonly table: string = name;
    columns = this.setColumns((t) => {
      const idColumn = () => (ids === 'rich' ? t.richId('user') : ids === 'serial' ? t.integer() : t.text());
      const columnOf = (field: Field) => {
        if (field.references?.field === 'id') return idColumn().nullable();
        if (field.type === 'date') return t.timestampNumber().nullable();
        if (field.type === 'number') return t.integer().nullable();
        return field.type === 'boolean' ? t.boolean().nullable() : t.text().nullable();
      };
      return {
        id: idColumn().primaryKey(),
        ...Object.fromEntries(named.map(([key, field]) => [key, columnOf(field)])),
      };
    });
  };
  return { table, create: `create table "${snakeCase(name)}" (${[id, ...columns].join(', ')})` };
}

const database = await createTestDatabase();
const admin = new pg.Client({ connectionString: database.url });
await admin.connect();
afterAll(async () => {
  await admin.end();
  await database.drop();
});

async function runSuites(title: string, rich: boolean, tests: Parameters<typeof testAdapter>[0]['tests']) {
  const schema = rich ? 'rich' : 'plain';
  const connect = (tables: Record<string, ReturnType<typeof describeTable>['table']>) =>
    orchidORM({ databaseURL: database.url, max: 4, options: `-c search_path=${schema}`, log: false }, tables);
  let db = connect({});

  const makeTables = async (options: BetterAuthOptions) => {
    const ids: Ids = rich ? 'rich' : options.advanced?.database?.generateId === 'serial' ? 'serial' : 'text';
    const described = Object.values(getAuthTables(options)).map((model) => ({
      name: model.modelName,
      ...describeTable(model.modelName, model.fields, ids),
    }));
    await db.$close();
    await admin.query(`drop schema if exists ${schema} cascade; create schema ${schema}`);
    await admin.query(`set search_path to ${schema}; ${described.map(({ create }) => create).join('; ')}`);
    db = connect(Object.fromEntries(described.map(({ name, table }) => [name, table])));
  };

  const { execute } = await testAdapter({
    prefixTests: title,
    adapter: () =>
      createOrchidAdapter({
        table: (model) => {
          const table: AuthTable | undefined = db[model];
          if (!table) throw new Error(`no table for the model ${model}`);
          return table;
        },
        newRowId: () => (rich ? newId('user') : crypto.randomUUID()),
        transaction: (work) => db.$transaction(work),
      }),
    runMigrations: makeTables,
    tests,
    ...(rich ? { customIdGenerator: () => newId('user') } : {}),
    onFinish: () => db.$close(),
  });
  execute();
}

// The suites tell their story on the console; the results say it better.
vi.spyOn(console, 'log').mockImplementation(() => {});
vi.spyOn(console, 'warn').mockImplementation(() => {});

await runSuites('ids of better-auth', false, [
  normalTestSuite(),
  authFlowTestSuite(),
  caseInsensitiveTestSuite(),
  joinsTestSuite(),
  numberIdTestSuite(),
  transactionsTestSuite(),
  uuidTestSuite(),
]);
await runSuites('rich ids', true, [
  // It asks for the id MOCK-ID, which is none.
  normalTestSuite({ disableTests: { 'create - should use generateId if provided': true } }),
  authFlowTestSuite(),
  caseInsensitiveTestSuite(),
  joinsTestSuite(),
  transactionsTestSuite(),
]);
