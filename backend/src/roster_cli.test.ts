import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stored } from './db/stored_id';
import { feedFiles, makeFeed } from './modules/rosters/test/make_feed';
import { writeZip } from './modules/rosters/test/write_zip';
import { buildApp, buildSchool } from './test/build_app';

let built: Awaited<ReturnType<typeof buildApp>>;
let folder: string;
let tenantId: TenantId;
beforeAll(async () => {
  built = await buildApp();
  ({ tenantId } = await buildSchool(built.app.systemDb));
  folder = await mkdtemp(path.join(tmpdir(), 'roster-cli-'));
});
afterAll(async () => {
  await built.close();
  await rm(folder, { recursive: true });
});

/** As somebody types it after `yarn roster`; file names count from the folder they are in. */
function roster(...words: string[]): Promise<{ code: number; out: string; said: string }> {
  const root = path.resolve(import.meta.dirname, '../..');
  const tsx = path.join(root, 'node_modules/.bin/tsx');
  const cli = path.join(root, 'backend/src/roster_cli.ts');
  return new Promise((resolve) => {
    const child = execFile(
      tsx,
      [cli, ...words],
      { env: { ...process.env, DATABASE_URL: built.url, INIT_CWD: folder } },
      (_error, out, said) => resolve({ code: child.exitCode ?? -1, out, said }),
    );
  });
}
const own = (...words: string[]) => roster(...words, '--tenant-id', tenantId);
const sources = () => built.app.systemDb.rosterSources.where(stored({ tenantId })).pluck('name');

test('a roster is previewed, applied, held, approved and taken back from the command line, and the code says what came of it', async () => {
  await writeZip(path.join(folder, 'monday.zip'), feedFiles(makeFeed(20)));
  await writeZip(path.join(folder, 'tuesday.zip'), feedFiles(makeFeed(10)));
  const preview = await own('preview', 'monday.zip');
  expect(preview).toMatchObject({ code: 0, said: '' });
  expect(JSON.parse(preview.out)).toMatchObject({ status: 'diffed', counts: { rows: 50, 'user.add': 22 } });
  expect(JSON.parse((await own('apply', 'monday.zip')).out)).toMatchObject({ status: 'applied' });
  const held = await own('apply', 'tuesday.zip');
  expect(held.code).toBe(3);
  expect(JSON.parse(held.out).heldReasons.join(' ')).toContain('more than 10 %');
  expect(await own('approve', 'monday.zip')).toMatchObject({
    code: 1,
    said: 'This is not the file of the run that waits. Preview this one first.\n',
  });
  expect((await own('approve', 'tuesday.zip')).code).toBe(0);
  expect(await own('undo')).toMatchObject({ code: 0, out: expect.stringMatching(/"undone": \d\d/) });
  expect((await own('dates')).code).toBe(0);
  expect(await own('discard')).toMatchObject({ code: 0 });
  expect(await own('discard')).toMatchObject({
    code: 1,
    said: 'No run of this source waits for a decision.\n',
  });
}, 60_000);

test('what cannot be done is told in a sentence, and leaves nothing behind', async () => {
  await writeFile(path.join(folder, 'no.zip'), 'no zip');
  const before = await sources();
  expect(await own('apply', 'nowhere.zip')).toMatchObject({
    code: 1,
    said: expect.stringContaining('There is no /'),
  });
  expect(await own('undo', '--source', 'Typo')).toMatchObject({
    code: 1,
    said: expect.stringContaining('no such source'),
  });
  expect(await sources()).toEqual(before);
  const refused = await own('apply', 'no.zip', '--source', 'Other');
  expect(refused).toMatchObject({
    code: 1,
    said: expect.stringMatching(/^This is not a zip that can be read/),
  });
  expect(await roster('apply', 'no.zip', '--tenant-id', newId('tenant'))).toMatchObject({ code: 1 });
}, 60_000);

test.each<[string, string[]]>([
  ['no words', []],
  ['no school', ['apply', 'monday.zip']],
  ['a command nobody knows', ['explode', '--tenant-id', 'tenant-x']],
  ['no file', ['preview', '--tenant-id', 'tenant-x']],
  ['a flag nobody knows', ['apply', '--fast']],
])('with %s the usage is told', async (_what, words) => {
  const { code, said } = await roster(...words);
  expect([code, said]).toEqual([2, expect.stringContaining('yarn roster <preview|apply>')]);
});

test('whoever does not say which school is told the ids of those there are', async () => {
  const said = `  --tenant-id ${tenantId}   `;
  for (const words of [['dates'], ['preview', 'monday.zip']])
    expect(await roster(...words)).toMatchObject({ code: 2, said: expect.stringContaining(said) });
  expect((await roster()).said).not.toContain(said);
  expect((await own('dates', '--sauce', 'SIS')).said).not.toContain(said);
});
