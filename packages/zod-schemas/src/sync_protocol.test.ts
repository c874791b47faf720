import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  StreamWatchInputZod,
  SyncDigestInputZod,
  SyncDigestZod,
  SyncFrameZod,
  SyncPageZod,
  SyncPullInputZod,
  SyncPushInputZod,
  SyncPushZod,
  SyncStreamInputZod,
  syncProtocolVersion,
  syncVersion,
} from './sync.zod';
import { TableDigest } from './sync_digest';
import { schemaHashOf, syncSchemaHash, syncTableNames, syncTables } from './sync_table';

/** What each version of the protocol looked like. Never change a line that was released: add one. */
const released: Record<number, string> = {
  1: '2d01c59291bfbf5d',
  2: '855985afcb7bdd2f',
  3: 'd4db2ea48bc67e17',
};

test('nobody changes a frame or a call of the protocol without counting its version up', () => {
  const schemas = {
    SyncDigestInputZod,
    SyncDigestZod: SyncDigestZod.omit({ tables: true }),
    SyncFrameZod,
    SyncPageZod,
    SyncPullInputZod,
    SyncPushInputZod,
    SyncPushZod,
    SyncStreamInputZod,
    StreamWatchInputZod,
  };
  const described = Object.entries(schemas).map(([name, schema]) => [
    name,
    z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }),
  ]);
  const digest = new TableDigest();
  digest.add(syncProtocolVersion, described);
  const { hash } = digest.value;
  expect(
    released[syncProtocolVersion],
    `The frames or calls of sync are not those of version ${syncProtocolVersion}. Raise syncProtocolVersion in sync.zod.ts and add its hash ${hash} here, so that browsers of the old version update instead of misreading.`,
  ).toBe(hash);
});

test('any change of a synced table makes browsers rebuild, without anybody counting', () => {
  const { classes } = syncTables;
  const others = {
    'another column': classes.row.extend({ room: z.string() }),
    'a column less': classes.row.omit({ subject: true }),
    'another type': classes.row.extend({ subject: z.number() }),
    'no longer null': classes.row.extend({ subject: z.string() }),
    'a value more': classes.row.extend({ subject: z.enum(['maths', 'art']) }),
    'another value': classes.row.extend({ subject: z.enum(['maths', 'music']) }),
    'another order': z.object(Object.fromEntries(Object.entries(classes.row.shape).reverse())),
  };
  const hashes = new Set([syncSchemaHash]);
  for (const row of Object.values(others)) {
    hashes.add(schemaHashOf({ ...syncTables, classes: { ...classes, row } }));
  }
  hashes.add(schemaHashOf({ ...syncTables, classes: { ...classes, number: 99 } }));
  expect(hashes.size).toBe(Object.keys(others).length + 2);
  expect(schemaHashOf(syncTables)).toBe(syncSchemaHash);
  expect(syncVersion).toBe(`${syncProtocolVersion}.${syncSchemaHash}`);
});

test('every table has a number and a key of its own', () => {
  const numbers = syncTableNames.map((name) => syncTables[name].number);
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const name of syncTableNames)
    expect(Object.keys(syncTables[name].row.shape)).toContain(syncTables[name].key);
});
