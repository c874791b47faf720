import { newId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createSystemPool } from '../../db/create_system_pool';
import { demoPassword } from '../../db/seeds/demo_people';
import { stored, storedId } from '../../db/stored_id';
import { createLogger } from '../../lib/logger';
import { type Frame, readFrames, readUntil } from '../../test/read_frames';
import { signInToDemo } from '../../test/sign_in_to_demo';
import { startTestServer } from '../../test/start_test_server';
import { createUser } from '../auth/services/create_user.service';
import { ChunkRelay } from '../runs/chunk_relay';
import { ChunkWriter } from '../runs/chunk_writer';
import { LeaseKeeper } from '../runs/lease_keeper';

// Ids are made by browsers, and are one row's within a school only: somebody may give a row of their own school an id
// that they know from another one.

let server: Awaited<ReturnType<typeof startTestServer>>;
let pool: ReturnType<typeof createSystemPool>;
const logger = createLogger('silent');
beforeAll(async () => {
  server = await startTestServer();
  pool = createSystemPool(server.databaseUrl, 'test-same-ids', 2);
});
afterAll(async () => {
  await pool.end();
  await server?.close();
});

test('whoever gives a class the id of one in another school hears nothing of that one', async () => {
  const { system, url } = server;
  const theirs = await system.classes.where({ name: '8B Science' }).take();
  const { classId } = theirs;
  const [tenantId, groupId] = [newId('tenant'), newId('group')];
  await system.tenants.create({ tenantId, name: 'Elsewhere' });
  await system.groups.create({ tenantId, groupId, name: 'School', kind: 'school', path: 'z' });
  const email = 'mallory@elsewhere.example';
  const person = { tenantId, name: 'Mallory', status: 'active', email, password: demoPassword } as const;
  const userId = await createUser(system, person);
  const groupMemberId = newId('groupmember');
  await system.groupMembers.create({ tenantId, groupMemberId, groupId, userId, role: 'group_admin' });
  await system.classes.create({ tenantId, classId, groupId, name: 'Mine' });
  const classMemberId = newId('classmember');
  await system.classMembers.create({ tenantId, classMemberId, classId, userId, role: 'teacher' });

  const answer = await fetch(`${url}/rpc/sync/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: await signInToDemo(url, email) },
    body: JSON.stringify({
      json: { syncClientId: newId('device'), streamId: `test-${newId('device')}`, cursor: null, scopes: [] },
    }),
  });
  const frames = readFrames(answer);
  const heard: string[] = [];
  const until = (text: string) =>
    readUntil(frames, (frame: Frame) => {
      heard.push(JSON.stringify(frame));
      return heard.at(-1)?.includes(text) ?? false;
    });
  await until('"kind":"cursor"');
  const subjectOf = (of: typeof tenantId, subject: string) =>
    system.classes.where(stored({ tenantId: of, classId })).update({ subject });
  // Both ways to be told: by a tick, and by the tick after a catch-up.
  for (const round of ['first', 'second']) {
    await subjectOf(theirs.tenantId, `their ${round} secret`);
    await subjectOf(tenantId, `my ${round} lesson`);
    await until(`my ${round} lesson`);
  }
  expect(heard.join('\n')).not.toContain('secret');
  await frames.return(undefined);
});

test('two runs of one id in two schools have each their own words, and their own end', async () => {
  const runId = newId('run');
  const [here, there] = [newId('tenant'), newId('tenant')];
  const writer = new ChunkWriter(pool, logger);
  const relay = new ChunkRelay(server.databaseUrl, logger);
  const heard = { here: '', there: '' };
  relay.watch({}, storedId(here), storedId(runId), ({ text }) => {
    heard.here += text;
  });
  relay.watch({}, storedId(there), storedId(runId), ({ text }) => {
    heard.there += text;
  });
  for (const [seq, word] of ['one ', 'two ', 'three '].entries()) {
    writer.add({ tenantId: here, runId, attempt: 1, seq, text: `our ${word}` }, false);
    writer.add({ tenantId: there, runId, attempt: 1, seq, text: `their ${word}` }, false);
  }
  await writer.flush();
  const whole = { here: 'our one our two our three ', there: 'their one their two their three ' };
  await vi.waitFor(() => expect(heard).toEqual(whole), { timeout: 20_000 });
  const late = { here: '', there: '' };
  relay.watch({}, storedId(here), storedId(runId), ({ text }) => {
    late.here += text;
  });
  relay.watch({}, storedId(there), storedId(runId), ({ text }) => {
    late.there += text;
  });
  expect(late).toEqual(whole);
  await relay.stop();

  const leases = new LeaseKeeper(server.databaseUrl, pool, logger);
  const own = leases.hold({ tenantId: here, runId, attempt: 1 });
  const other = leases.hold({ tenantId: there, runId, attempt: 1 });
  const lease = { runId, userId: newId('user'), attempt: 1, leaseUntil: Date.now() + 60_000 };
  const run = { runId, kind: 'product', status: 'processing', attempt: 1, userId: newId('user') } as const;
  for (const tenantId of [here, there])
    await server.system.runs.create({ ...run, tenantId, toolVersionId: newId('toolversion') });
  await server.system.runLeases.create({ ...lease, tenantId: here });
  await server.system.runLeases.create({ ...lease, tenantId: there, cancelRequestedAt: Date.now() });
  await leases.start();
  await vi.waitFor(() => expect(other.signal.reason).toBe('stopped'), { timeout: 20_000 });
  expect(own.signal.aborted).toBe(false);
  await leases.stop();
});
