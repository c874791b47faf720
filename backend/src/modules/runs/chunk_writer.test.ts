import { newId } from '@raptscallions/zod-schemas/rich_id';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createSystemPool } from '../../db/create_system_pool';
import { storedId } from '../../db/stored_id';
import { createLogger } from '../../lib/logger';
import { createSilentDatabase } from '../../test/silent_network';
import { ChunkWriter } from './chunk_writer';

let database: Awaited<ReturnType<typeof createSilentDatabase>>;
let network: (typeof database)['network'];
let pool: pg.Pool;
let reader: pg.Pool;
let writer: ChunkWriter;
const logger = createLogger('silent');
const tenantId = newId('tenant');
const settles = { timeout: 15_000, interval: 30 };

beforeAll(async () => {
  database = await createSilentDatabase();
  ({ network } = database);
  pool = createSystemPool(network.url, 'test-chunks', 2);
  reader = createSystemPool(database.url, 'test-chunks-reader', 1);
  writer = new ChunkWriter(pool, logger);
});
afterAll(async () => {
  await pool.end();
  await reader.end();
  await database.drop();
});

const chunkOf = (runId: `run-${string}`, seq: number, text: string) => ({
  tenantId,
  runId,
  attempt: 1,
  seq,
  text,
});
async function textOf(runId: `run-${string}`): Promise<string> {
  const { rows } = await reader.query<{ text: string }>(
    'select text from run_chunks where run_id = $1 order by seq',
    [storedId(runId)],
  );
  return rows.map(({ text }) => text).join('');
}

test('what an outage kept from being written is written after it, in its place and once', async () => {
  const runId = newId('run');
  writer.add(chunkOf(runId, 0, 'Light '), true);
  await writer.flush();
  await network.cut();
  writer.add(chunkOf(runId, 1, 'has '), false);
  await writer.flush();
  expect(await textOf(runId)).toBe('Light ');
  await network.restore();
  writer.add(chunkOf(runId, 2, 'colours.'), false);
  await vi.waitFor(async () => expect(await textOf(runId)).toBe('Light has colours.'), settles);
});

test('of a run that has ended nothing comes later: it may have been taken back', async () => {
  const [ended, other] = [newId('run'), newId('run')];
  await network.cut();
  writer.add(chunkOf(ended, 0, 'held back'), false);
  writer.add(chunkOf(other, 0, 'still on'), false);
  await writer.end({ tenantId, runId: ended });
  await network.restore();
  await vi.waitFor(async () => expect(await textOf(other)).toBe('still on'), settles);
  expect(await textOf(ended)).toBe('');
});

describe('what PostgreSQL refuses', () => {
  async function asOwner(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(sql);
    await client.end();
  }
  const refuse = (sqlstate: string) =>
    asOwner(
      `create or replace function refuse_chunks() returns trigger language plpgsql
         as $$ begin raise 'no' using errcode = '${sqlstate}'; end $$;
       create or replace trigger refuse_chunks before insert on run_chunks execute function refuse_chunks()`,
    );
  const allow = () => asOwner('drop trigger refuse_chunks on run_chunks');

  test.each([
    ['a full disk', '53100'],
    ['a statement that was told to stop', '57014'],
  ])('%s: it is kept until there is room, and said once', async (_, sqlstate) => {
    const warned = vi.spyOn(logger, 'warn');
    const runId = newId('run');
    await refuse(sqlstate);
    for (const [seq, text] of ['Light ', 'has '].entries()) {
      writer.add(chunkOf(runId, seq, text), false);
      await writer.flush();
    }
    expect(warned).toHaveBeenCalledTimes(1);
    await allow();
    writer.add(chunkOf(runId, 2, 'colours.'), false);
    await vi.waitFor(async () => expect(await textOf(runId)).toBe('Light has colours.'), settles);
    warned.mockRestore();
  });

  test('for good: it goes, and is said', async () => {
    const warned = vi.spyOn(logger, 'warn');
    const runId = newId('run');
    await refuse('23514');
    writer.add(chunkOf(runId, 0, 'lost '), false);
    await writer.flush();
    expect(warned).toHaveBeenCalledTimes(1);
    await allow();
    writer.add(chunkOf(runId, 1, 'kept'), false);
    await writer.flush();
    expect(await textOf(runId)).toBe('kept');
    warned.mockRestore();
  });
});
