import { newId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { storedId } from '../../db/stored_id';
import { buildApp, buildSchool } from '../../test/build_app';
import { createUser } from './services/create_user.service';
import { provePassword } from './services/prove_password.service';

let built: Awaited<ReturnType<typeof buildApp>>;
beforeAll(async () => {
  built = await buildApp();
});
afterAll(() => built.close());

test('a try counts as failed when the password was wrong, and has an end also where it could not be looked at', async () => {
  const { systemDb } = built.app;
  const { tenantId } = await buildSchool(systemDb);
  const end = vi.fn(async () => {});
  const app = { systemDb, signInLimits: { begin: async () => ({ headers: {}, end }) } };
  const email = 'ada@school.example';
  const userId = await createUser(systemDb, { tenantId, name: 'Ada', email, password: 'the right one' });
  const authSessionId = newId('authsession');
  const session = { id: authSessionId, userId, token: authSessionId, expiresAt: Date.now() + 60_000 };
  await systemDb.authSessions.create({ ...session, deviceContext: 'personal' });
  const prove = (password: string) => provePassword(app, { userId, authSessionId }, password, '203.0.113.9');

  await prove('the right one');
  expect(end.mock.lastCall).toEqual([false]);
  await expect(prove('a wrong one')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  expect(end.mock.lastCall).toEqual([true]);
  end.mockClear();
  await systemDb.authAccounts.where({ userId: storedId(userId) }).update({ password: 'no hash' });
  await expect(prove('the right one')).rejects.toThrow();
  expect(end.mock.calls).toEqual([[false]]);
});
