import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../test/database';
import { createLogger } from './logger';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('create table pupils (email text primary key, age int not null)');
  await client.query("insert into pupils values ('theo@school.example', 12)");
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

test.each([
  ["insert into pupils values ('theo@school.example', 12)", '23505', 'pupils_pkey'],
  ["insert into pupils values ('theo@school.example', null)", '23502', 'pupils'],
  ["select 'theo@school.example'::uuid", '22P02', 'logger.test.ts'],
  [`select 'a "theo@" in quotes'::uuid`, '22P02', 'logger.test.ts'],
  [`select '{"name": theo@school.example}'::json`, '22P02', 'logger.test.ts'],
])(
  'a failed statement is in the log with its place and without what it was about: %s',
  async (sql, code, place) => {
    const lines: string[] = [];
    const logger = createLogger('info', { destination: { write: (text) => lines.push(text) } });
    const failure = await client.query(sql).then(
      () => undefined,
      (error: unknown) => error,
    );
    // Layers above wrap it: what is inside must not come out there either.
    logger.error({ err: new Error('a write failed', { cause: failure }) }, 'wrapped');
    logger.error({ err: failure }, 'bare');
    const line = lines.join('');
    expect(line).not.toContain('theo@');
    expect(line).toContain(code);
    expect(line).toContain(place);
  },
);

test('an error of our own is in the log whole', () => {
  const lines: string[] = [];
  const logger = createLogger('info', { destination: { write: (text) => lines.push(text) } });
  logger.error({ err: new TypeError('the "thing" is missing') }, 'failed');
  const { err } = JSON.parse(lines.join(''));
  expect(err).toMatchObject({ type: 'TypeError', message: 'the "thing" is missing' });
  expect(err.stack).toContain('logger.test.ts');
});

test.each(['«', '»', '„', '“', '‘', '\n    at '])(
  'what somebody typed is cut in whatever marks the database quotes it: %s',
  (mark) => {
    const lines: string[] = [];
    const logger = createLogger('info', { destination: { write: (text) => lines.push(text) } });
    const failure = Object.assign(new Error(`ungültige Syntax: ${mark}theo@school.example${mark}`), {
      code: '22P02',
      severity: 'FEHLER',
    });
    logger.error({ err: new Error(failure.message, { cause: failure }) }, 'wrapped');
    logger.error({ err: failure }, 'bare');
    // A layer that says something else over the stack of its cause.
    failure.message = 'refused';
    logger.error({ err: failure }, 'renamed');
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toMatch(/theo@|ungültig/);
    for (const line of lines) expect(line).toContain('22P02');
  },
);

test('of several failures in one each is in the log, reduced like any other', () => {
  const lines: string[] = [];
  const logger = createLogger('info', { destination: { write: (text) => lines.push(text) } });
  const typed = Object.assign(new Error('bad «theo@school.example»'), { code: '22P02' });
  logger.warn({ err: new AggregateError([new Error('the first'), typed], 'two failed') }, 'a job failed');
  const { err } = JSON.parse(lines.join(''));
  expect(err.message).toContain('two failed');
  expect(err.errors).toMatchObject([{ message: 'the first' }, { message: expect.stringContaining('22P02') }]);
  expect(lines.join('')).not.toContain('theo@');
});
