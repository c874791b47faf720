import { call } from '@orpc/server';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { plainCodesSql } from '../../db/migrations/0030_plain_school_codes';
import { runSql } from '../../db/run_sql';
import { storedId } from '../../db/stored_id';
import { userAppRouter } from '../../routers/user_app.router';
import { buildApp, buildSchool } from '../../test/build_app';
import { runCommand } from '../../test/run_command';
import { chooseSchoolCode } from './services/choose_school_code.service';
import { schoolCodeProgram } from './services/run_school_code_commands.service';

type School = Awaited<ReturnType<typeof buildSchool>> & { admin: UserId };
let built: Awaited<ReturnType<typeof buildApp>>;
let alder: School;
let birch: School;

const { readSchoolCode, setSchoolCode } = userAppRouter.tenants;
const path = ['tenants', 'setSchoolCode'];
const as = (school: School) => ({ context: built.as(school.admin, school.tenantId), path });
const take = (school: School, schoolCode: string) =>
  call(setSchoolCode, { groupId: school.district, schoolCode }, as(school));
const codeOf = async (school: School) =>
  (await call(readSchoolCode, { groupId: school.district }, as(school))).schoolCode;

beforeAll(async () => {
  built = await buildApp();
});
afterAll(() => built.close());
beforeEach(async () => {
  const { systemDb } = built.app;
  await systemDb.retiredSchoolCodes.all().delete();
  await systemDb.tenants.where({ schoolCode: { not: null } }).update({ schoolCode: null });
  const build = async () => {
    const school = await buildSchool(systemDb);
    return { ...school, admin: await school.addPerson('group_admin') };
  };
  [alder, birch] = [await build(), await build()];
});

test('a code is kept in plain small letters, however it is typed, and the change is in the audit log', async () => {
  await take(alder, '  Älder Row, 9! ');
  expect(await codeOf(alder)).toBe('alder-row-9');
  await expect(take(alder, ' -a- ')).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  await expect(take(alder, 'a'.repeat(41))).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  await take(alder, 'alder-row-9');
  const entries = await built.app.systemDb.auditEntries.where({ tenantId: storedId(alder.tenantId) });
  expect(entries.map(({ action, actorUserId }) => [action, actorUserId])).toEqual([
    ['tenants.setSchoolCode', alder.admin],
    ['tenants.setSchoolCode', alder.admin],
  ]);
});

test('no two schools have one code, and none gets what another had; its own old one it may take back', async () => {
  await take(alder, 'alder');
  await expect(take(birch, 'ALDER')).rejects.toMatchObject({ code: 'CONFLICT' });
  await take(alder, 'row');
  await expect(take(birch, 'alder')).rejects.toMatchObject({
    code: 'CONFLICT',
    message: 'Another school has “alder”, or had it. Take another.',
  });
  expect(await chooseSchoolCode(built.app.systemDb, 'Alder')).toMatch(/^alder-\d{4}$/);
  await take(alder, 'alder');
  expect(await codeOf(alder)).toBe('alder');
  const retired = await built.app.systemDb.retiredSchoolCodes.order('schoolCode');
  expect(retired.map(({ schoolCode, tenantId }) => [schoolCode, tenantId])).toEqual([
    ['row', alder.tenantId],
  ]);
  await expect(take(birch, 'row')).rejects.toMatchObject({ code: 'CONFLICT' });
});

test('of two schools that reach for a code at once exactly one has it', async () => {
  const both = await Promise.allSettled([take(alder, 'wanted'), take(birch, 'wanted')]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect([await codeOf(alder), await codeOf(birch)].filter((code) => code === 'wanted')).toHaveLength(1);
});

test('who looks after a part of the school only neither reads nor changes its code', async () => {
  const ofPart = await alder.addPerson('group_admin', alder.school);
  const context = { context: built.as(ofPart, alder.tenantId), path };
  for (const groupId of [alder.district, alder.school]) {
    await expect(call(setSchoolCode, { groupId, schoolCode: 'mine' }, context)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(call(readSchoolCode, { groupId }, context)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  }
});

test('the command line shows and sets it by the same rules, and the log says that it was done there', async () => {
  const run = (command: string, { tenantId }: School, flags: Record<string, string> = {}) =>
    runCommand(schoolCodeProgram, command, built.app, { tenantId, ...flags });
  expect(await run('show', alder)).toEqual({ schoolCode: null });
  expect(await run('set', alder, { code: 'Älder Row' })).toEqual({ schoolCode: 'alder-row' });
  expect(await codeOf(alder)).toBe('alder-row');
  await expect(run('set', birch, { code: 'alder row' })).rejects.toThrow('Another school has “alder-row”');
  await expect(run('set', birch, { code: 'a' })).rejects.toThrow(
    '--code: Take 3 letters or digits at least.',
  );
  const log = built.app.systemDb.auditEntries.where({ action: 'tenants.setSchoolCode' });
  const [entry, ...more] = await log.where({
    tenantId: { in: [alder, birch].map((each) => storedId(each.tenantId)) },
  });
  expect(more).toEqual([]);
  expect(entry).toMatchObject({ actorUserId: null, details: { by: 'command_line' } });
});

test('a code that was cut at a hyphen gets the form that is looked up, with a number where another school has that', async () => {
  const { systemDb } = built.app;
  const keep = (school: School, schoolCode: string) =>
    systemDb.tenants.find(storedId(school.tenantId)).update({ schoolCode });
  const retire = ({ tenantId }: School, schoolCode: string) =>
    systemDb.retiredSchoolCodes.insert({ tenantId, schoolCode });
  await keep(alder, 'westminster-high-school-');
  await retire(alder, 'westminster-high-school');
  await retire(alder, 'alder-');
  await retire(alder, 'birch-row-');
  await keep(birch, 'birch-row');
  const dashed = await buildSchool(systemDb);
  const late = { ...dashed, admin: await dashed.addPerson('group_admin') };
  await keep(late, 'alder--1234');
  await runSql(systemDb, plainCodesSql);
  expect([await codeOf(alder), await codeOf(birch), await codeOf(late)]).toEqual([
    'westminster-high-school',
    'birch-row',
    'alder-1234',
  ]);
  // Its own old code it takes back; of two forms of one that stand for different schools the one in use stays.
  expect((await systemDb.retiredSchoolCodes.all()).map(({ schoolCode }) => schoolCode)).toEqual(['alder']);

  await keep(late, 'birch-row-');
  await runSql(systemDb, plainCodesSql);
  expect(await codeOf(late)).toMatch(/^birch-row-\d{4}$/);
  await keep(late, 'alder-');
  await runSql(systemDb, plainCodesSql);
  expect(await codeOf(late)).toMatch(/^alder-\d{4}$/);
});

test('after ten codes a school takes one of its own again, so that nobody takes the likely ones of others', async () => {
  for (let at = 0; at <= 10; at++) await take(alder, `alder-${at}`);
  await expect(take(alder, 'one-more')).rejects.toMatchObject({
    code: 'CONFLICT',
    message: 'This school has had 10 codes before. Take one of those again.',
  });
  expect(await codeOf(alder)).toBe('alder-10');
  await take(alder, 'alder-3');
  expect(await codeOf(alder)).toBe('alder-3');
  await expect(take(alder, 'one-more')).rejects.toMatchObject({ code: 'CONFLICT' });
  await take(birch, 'one-more');
});
