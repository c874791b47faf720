import { newId } from '@raptscallions/zod-schemas/rich_id';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Db } from '../../db/db';
import { demoSignIns } from '../../db/seeds/demo_people';
import { stored, storedId } from '../../db/stored_id';
import { createLogger } from '../../lib/logger';
import { signInToDemo } from '../../test/sign_in_to_demo';
import { startTestServer } from '../../test/start_test_server';

let server: Awaited<ReturnType<typeof startTestServer>>;
let url: string;
let system: Db;
const logged: string[] = [];
beforeAll(async () => {
  const destination = { write: (line: string) => void logged.push(line) };
  server = await startTestServer({}, createLogger('trace', { destination }));
  ({ url, system } = server);
});
afterAll(() => server?.close());

async function call(path: string, cookie: string, input: unknown): Promise<number> {
  const response = await fetch(`${url}/rpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ json: input }),
  });
  await response.arrayBuffer();
  return response.status;
}

test('the server logs nothing by which somebody is known, whatever they do, whatever fails, and when they are erased', {
  timeout: 120_000,
}, async () => {
  const [, pupil, , , admin] = demoSignIns;
  const cookie = await signInToDemo(url, pupil.email);
  const { id } = await system.authUsers.findBy({ email: pupil.email });
  const membership = await system.classMembers.where({ userId: storedId(id) }).take();
  const { tenantId, classId } = membership;
  const assignment = await system.assignments.where(stored({ tenantId, classId })).take();
  const { assignmentId, toolVersionId } = assignment;
  const chatSessionId = newId('chat');
  expect(await call('chat/start', cookie, { chatSessionId, assignmentId, toolVersionId })).toBe(200);
  const message = () => ({
    chatSessionId,
    messageId: newId('message'),
    runId: newId('run'),
    answerMessageId: newId('message'),
  });
  const words = 'Quillfeather wonders about photosynthesis';
  const asked = message();
  expect(await call('chat/send', cookie, { ...asked, text: words })).toBe(200);
  await vi.waitFor(
    async () =>
      expect(await system.runs.findBy(stored({ tenantId, runId: asked.runId })).get('status')).toBe(
        'completed',
      ),
    { timeout: 60_000 },
  );
  // What goes wrong is logged with its cause, and the cause may quote what was typed.
  const failures = [
    await call('chat/send', cookie, { ...message(), text: `${words} \u0000` }),
    await call('chat/send', cookie, { ...message(), text: 7, extra: words }),
    await call('chat/send', cookie, { ...asked, messageId: newId('message'), text: words }),
    await call(`no/such/${encodeURIComponent(words)}`, cookie, {}),
  ];
  expect(failures.every((status) => status >= 400)).toBe(true);
  const owner = new pg.Client({ connectionString: server.databaseUrl });
  await owner.connect();
  await owner.query('alter table messages rename column text to mislaid');
  expect(await call('chat/send', cookie, { ...message(), text: words })).toBe(500);
  await owner.query('alter table messages rename column mislaid to text');
  await owner.end();
  const wrong = await fetch(`${url}/api/auth/sign-in/email?from=${encodeURIComponent(words)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email: pupil.email, password: words }),
  });
  expect(wrong.status).toBe(401);
  expect(await call('privacy/erasePerson', await signInToDemo(url, admin.email), { userId: id })).toBe(200);

  const lines = logged.join('');
  expect(lines).toContain('a procedure failed');
  expect(lines).toContain('Invalid password');
  const [first = '', last = ''] = pupil.name.split(' ');
  for (const trace of ['Quillfeather', 'photosynthesis', pupil.email, first, last, cookie.slice(13, 40)]) {
    expect(lines).not.toContain(trace);
  }
});
