import { call } from '@orpc/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { userAppRouter } from '../../routers/user_app.router';
import { buildApp } from '../../test/build_app';
import { chooseSchoolCode } from '../tenants/services/choose_school_code.service';
import { offerSetUp } from './services/set_up_school.service';

let built: Awaited<ReturnType<typeof buildApp>>;
beforeAll(async () => {
  built = await buildApp();
});
afterAll(() => built.close());

const school = {
  schoolName: 'Alder Row',
  name: 'Mara Lind',
  email: 'Mara@Alder.example',
  password: 'correct horse',
};
const setUp = (token: string, more: Partial<typeof school> = {}) =>
  call(userAppRouter.setUp, { token, ...school, ...more }, { context: { app: built.app, headers: {} } });

test('the first link makes one school with one administrator, however often and from wherever it is used', async () => {
  const { systemDb } = built.app;
  const link = (await offerSetUp(systemDb)) ?? '';
  const another = (await offerSetUp(systemDb)) ?? '';
  expect(link).toMatch(/^[\w-]{43}$/);
  expect(another).not.toBe(link);
  expect(JSON.stringify(await systemDb.authVerifications)).not.toContain(link);

  await expect(setUp('x'.repeat(43))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(setUp(link, { password: 'short' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  expect(await systemDb.users.count()).toBe(0);

  const both = await Promise.allSettled([setUp(link), setUp(another), setUp(link)]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  await expect(setUp(another)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await systemDb.users.select('name', 'status')).toEqual([{ name: 'Mara Lind', status: 'active' }]);
  expect(await systemDb.groupMembers.select('role')).toEqual([{ role: 'system_admin' }]);
  expect(await systemDb.groups.select('name', 'kind')).toEqual([{ name: 'Alder Row', kind: 'district' }]);
  expect(await systemDb.authUsers.select('email', 'emailVerified')).toEqual([
    { email: 'mara@alder.example', emailVerified: true },
  ]);
  expect(await offerSetUp(systemDb)).toBeNull();
  expect(await systemDb.tenants.take().get('schoolCode')).toBe('alder-row');
  expect(await chooseSchoolCode(systemDb, 'Alder Row')).toMatch(/^alder-row-\d{4}$/);
  expect(await chooseSchoolCode(systemDb, '  École “Saint-Éloi”! ')).toBe('ecole-saint-eloi');
  expect(await chooseSchoolCode(systemDb, '学校')).toMatch(/^school-\d{4}$/);
});

test('a link older than a day is worth nothing', async () => {
  const other = await buildApp();
  const link = (await offerSetUp(other.app.systemDb)) ?? '';
  await other.app.systemDb.authVerifications.all().update({ expiresAt: Date.now() - 1 });
  const late = call(
    userAppRouter.setUp,
    { token: link, ...school },
    { context: { app: other.app, headers: {} } },
  );
  await expect(late).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await other.app.systemDb.users.count()).toBe(0);
  await other.close();
});
