import { newId } from '@raptscallions/zod-schemas/rich_id';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { storedId } from '../../db/stored_id';
import { buildApp, buildSchool } from '../../test/build_app';

let built: Awaited<ReturnType<typeof buildApp>>;
let watcher: pg.Client;
let writer: pg.Client;
/** begins before the others and ends after them */
let early: pg.Client;
/** rows of which each change is an entry */
const userIds: string[] = [];

beforeAll(async () => {
  built = await buildApp();
  const school = await buildSchool(built.app.systemDb);
  for (let at = 0; at < 2; at++) userIds.push(storedId(await school.addPerson('student')));
  watcher = await connect();
  writer = await connect();
  early = await connect();
});
afterAll(async () => {
  await Promise.all([watcher, writer, early].map((client) => client.end()));
  await built.close();
});

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: built.url });
  await client.connect();
  return client;
}

const change = (client: pg.Client, at: number) =>
  client.query('update users set name = $1 where user_id = $2', [newId('device'), userIds[at]]);

async function settled(): Promise<string> {
  const { rows } = await watcher.query('select sync.settled_snapshot()::text as seen');
  return rows[0].seen;
}

async function awaitNews(seen: string, mostMs: number): Promise<boolean> {
  const { rows } = await watcher.query('select sync.await_news($1, 1, 5, $2) as news', [seen, mostMs]);
  return rows[0].news;
}

/** Longer than any test may take: an answer came because there was something to say. */
const forEver = 600_000;

test('a wait ends with the first commit that wrote an entry, and not with one that wrote none', async () => {
  const seen = await settled();
  expect(await awaitNews(seen, 1)).toBe(false);
  await writer.query('create table elsewhere (a int)');
  expect(await awaitNews(seen, 20)).toBe(false);
  await writer.query('begin');
  await change(writer, 0);
  expect(await awaitNews(seen, 20)).toBe(false);
  const waiting = awaitNews(seen, forEver);
  await writer.query('commit');
  expect(await waiting).toBe(true);
  expect(await awaitNews(await settled(), 20)).toBe(false);
});

test('what a transaction wrote that was open when others committed is news when it ends, however long that takes', async () => {
  await early.query('begin');
  await change(early, 0);
  await change(writer, 1);
  const seen = await settled();
  expect(await awaitNews(seen, 20)).toBe(false);
  await change(writer, 1);
  expect(await awaitNews(seen, forEver)).toBe(true);
  const later = await settled();
  const waiting = awaitNews(later, forEver);
  await early.query('commit');
  expect(await waiting).toBe(true);
});
