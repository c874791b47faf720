import { once } from 'node:events';
import { createServer } from 'node:http';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ConfigZod } from '../../configs/config';
import { connectDb, type Db } from '../../db/db';
import { storedId } from '../../db/stored_id';
import { createLogger } from '../../lib/logger';
import { createTestDatabase } from '../../test/database';
import { createAuth } from './auth';
import { configuredProviders, knownProviders } from './identity_providers';
import { createUser } from './services/create_user.service';
import { recogniseAddress } from './services/recognise_address.service';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let db: Db;
let [alder, birch]: TenantId[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  db = connectDb(database.url, 'system', 3);
  [alder, birch] = [newId('tenant'), newId('tenant')];
  for (const tenantId of [alder, birch]) await db.tenants.insert({ tenantId, name: 'School' });
});
afterAll(async () => {
  await db.$close();
  await database.drop();
});

/** Somebody as a roster or an invitation leaves them: known by an address, without any way in. */
async function contact(
  email: string,
  status: 'active' | 'pending_verification' | 'suspended',
  tenantId = alder,
) {
  if (!tenantId) throw new Error('no tenant');
  const userId = newId('user');
  await db.users.insert({ tenantId, userId, name: 'Nia', status });
  await db.userContacts.insert({ tenantId, userId, email });
  return userId;
}
const signInOf = (email: string) => db.authUsers.findByOptional({ email });

test('an address from a roster becomes a sign-in when a provider has verified it, and whoever waited waits no more', async () => {
  const [known, waiting] = [
    await contact('known@alder.example', 'active'),
    await contact('waiting@alder.example', 'pending_verification'),
  ];
  await recogniseAddress(db, 'known@alder.example');
  await recogniseAddress(db, 'waiting@alder.example');
  await recogniseAddress(db, 'waiting@alder.example');
  expect(await signInOf('known@alder.example')).toMatchObject({ id: known, emailVerified: true });
  expect(await signInOf('waiting@alder.example')).toMatchObject({ id: waiting, emailVerified: true });
  expect(await db.users.findBy({ userId: storedId(waiting) }).get('status')).toBe('active');
});

test('nothing is made for an address nobody has, somebody suspended has, or people of two tenants have', async () => {
  await contact('out@alder.example', 'suspended');
  await contact('two@alder.example', 'active', alder);
  await contact('two@alder.example', 'active', birch);
  for (const email of ['nobody@alder.example', 'out@alder.example', 'two@alder.example']) {
    await recogniseAddress(db, email);
    expect(await signInOf(email)).toBeUndefined();
  }
});

test('a password somebody made for an address that is not theirs does not become a way into what is linked to it', async () => {
  if (!alder) throw new Error('no tenant');
  const email = 'planted@alder.example';
  await createUser(db, {
    tenantId: alder,
    name: 'P',
    email,
    password: 'known to the attacker',
    status: 'active',
  });
  await recogniseAddress(db, email);
  expect(await signInOf(email)).toMatchObject({ emailVerified: false });
  const unused = await createUser(db, {
    tenantId: alder,
    name: 'U',
    email: 'unused@alder.example',
    status: 'active',
  });
  await recogniseAddress(db, 'unused@alder.example');
  expect(await signInOf('unused@alder.example')).toMatchObject({ id: unused, emailVerified: true });
});

const environment = { DATABASE_URL: 'postgres://x/y' };

test('a provider is offered only with both its id and its secret', () => {
  const offered = (more: Record<string, string>) =>
    configuredProviders(ConfigZod.parse({ ...environment, ...more })).map(({ id, name }) => `${id} ${name}`);
  expect(offered({})).toEqual([]);
  expect(offered({ GOOGLE_CLIENT_ID: 'a', CLEVER_CLIENT_SECRET: 'b' })).toEqual([]);
  expect(offered({ OPENID_CLIENT_ID: 'a', OPENID_CLIENT_SECRET: 'b' })).toEqual([]);
  expect(
    offered({
      GOOGLE_CLIENT_ID: 'a',
      GOOGLE_CLIENT_SECRET: 'b',
      MICROSOFT_CLIENT_ID: 'a',
      MICROSOFT_CLIENT_SECRET: 'b',
      CLEVER_CLIENT_ID: 'a',
      CLEVER_CLIENT_SECRET: 'b',
      OPENID_DISCOVERY_URL: 'https://id.alder.example/.well-known/openid-configuration',
      OPENID_CLIENT_ID: 'a',
      OPENID_CLIENT_SECRET: 'b',
      OPENID_NAME: 'Alder ID',
    }),
  ).toEqual(['google Google', 'microsoft Microsoft', 'clever Clever', 'openid Alder ID']);
});

test.each([
  [{ email: 'A@alder.example', email_verified: true }, true],
  [{ email: 'A@alder.example', email_verified: false }, false],
  [{ email: 'A@alder.example', email_verified: 'true' }, false],
  [{ email: 'A@alder.example' }, false],
  // Microsoft: anybody may write any address into `email`; only those it lists are verified.
  [{ email: 'A@alder.example', verified_primary_email: ['A@alder.example'] }, true],
  [{ email: 'A@alder.example', verified_primary_email: ['b@alder.example'] }, false],
])('a profile of %j has a verified address: %s', async (profile, verified) => {
  const told = vi.fn(async () => {});
  const config = ConfigZod.parse({ ...environment, MICROSOFT_CLIENT_ID: 'a', MICROSOFT_CLIENT_SECRET: 'b' });
  const mapped = await knownProviders(config, told).microsoft?.mapProfileToUser(profile);
  expect(mapped).toEqual({ emailVerified: verified });
  expect(told.mock.calls).toEqual(verified ? [['a@alder.example']] : []);
});

test('a provider that was away when the server started is asked again', async () => {
  const server = createServer((_req, res) => {
    const at = `http://127.0.0.1:${port}`;
    res.setHeader('content-type', 'application/json');
    res.end(
      JSON.stringify({
        issuer: at,
        authorization_endpoint: `${at}/auth`,
        token_endpoint: `${at}/token`,
        jwks_uri: `${at}/jwks`,
        id_token_signing_alg_values_supported: ['RS256'],
      }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  server.close();
  await once(server, 'close');
  const config = ConfigZod.parse({
    ...environment,
    OPENID_DISCOVERY_URL: `http://127.0.0.1:${port}/.well-known/openid-configuration`,
    OPENID_CLIENT_ID: 'a',
    OPENID_CLIENT_SECRET: 'b',
  });
  const auth = createAuth({ db, config, secret: 's'.repeat(40), logger: createLogger('silent') });
  const ask = async () => {
    const origin = 'http://localhost:3000';
    const answer = await auth.handler(
      new Request(`${origin}/api/auth/sign-in/social`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin },
        body: JSON.stringify({ provider: 'openid', callbackURL: '/', disableRedirect: true }),
      }),
    );
    return answer.status;
  };
  expect(await ask()).toBe(404);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const now = Date.now();
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now + 11_000);
  expect(await ask()).toBe(200);
  clock.mockRestore();
  server.closeAllConnections();
  server.close();
});
