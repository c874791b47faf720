import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../../../../lib/logger';
import { ModuleSupervisor } from '../../module_supervisor';
import { makeModuleFolder, writeModule } from '../write_module';
import { hostileModules } from './hostile_modules';

// Each hostile module is asked while a good one is asked beside it, in a supervisor with two threads.

const limitMs = 200;
const memoryMb = 16;
const canary = 'canary-7f3a';
const { folder, remove } = makeModuleFolder();
const supervisor = new ModuleSupervisor({ folder, threads: 2, logger: createLogger('silent') });
const asked = { hook: 'chat:before_ai', config: {}, session: null, noted: {} } as const;
const nameOf = (at: number) => `hostile-${at}`;
const rssMb = () => process.memoryUsage().rss / 1_048_576;
let rssBefore = 0;
let rssPeak = 0;

beforeAll(async () => {
  writeFileSync(path.join(folder, 'canary.txt'), canary);
  process.env.RAPT_CANARY = canary;
  writeModule(
    folder,
    'good',
    `'chat:before_ai': ({ text }) => ({ kind: 'continue', modifications: { text: text + '!' } })`,
  );
  for (const [at, { source, ...hostile }] of hostileModules.entries()) {
    // Those that end by themselves have the time for it on any machine.
    const bySelf = hostile.ends === 'harmless' || !hostile.reasons.includes('time');
    const milliseconds = bySelf ? 10_000 : limitMs;
    writeModule(folder, nameOf(at), source, { limits: { milliseconds, memoryMb } });
    if (source.includes('./link.txt'))
      symlinkSync('../canary.txt', path.join(folder, nameOf(at), 'link.txt'));
  }
  await supervisor.start();
  await supervisor.call('good', { ...asked, text: 'warm' });
  rssBefore = rssMb();
}, 60_000);
afterAll(async () => {
  delete process.env.RAPT_CANARY;
  await supervisor.stop();
  remove();
});

test('there are many of them', () => expect(hostileModules.length).toBeGreaterThanOrEqual(60));

test.each(hostileModules.map((hostile, at) => ({ ...hostile, at })))('$title', async ({ at, ...hostile }) => {
  const began = performance.now();
  const bad = supervisor.call(nameOf(at), { ...asked, text: 'hello' });
  const good = await supervisor.call('good', { ...asked, text: 'hello' });
  const outcome = await bad;
  const took = performance.now() - began;
  rssPeak = Math.max(rssPeak, rssMb());

  expect(JSON.stringify(outcome)).not.toContain(canary);
  expect(JSON.stringify(outcome).length).toBeLessThan(100_000);
  expect(good).toMatchObject({ ok: true, result: { kind: 'continue', modifications: { text: 'hello!' } } });
  if (hostile.ends === 'harmless') {
    expect(outcome).toMatchObject({
      ok: true,
      result: { kind: 'continue', modifications: { text: 'nothing' } },
    });
  } else {
    expect(outcome.ok).toBe(false);
    // Its load and its call have a limit each.
    if (hostile.reasons.includes('time')) expect(took).toBeLessThan(2 * limitMs + 1_000);
    if (!outcome.ok) expect(hostile.reasons, outcome.message).toContain(outcome.reason);
  }
  // Nothing of it is left in the host.
  expect({}).not.toHaveProperty('polluted');
  expect(await supervisor.call('good', { ...asked, text: 'again' })).toMatchObject({
    ok: true,
    result: { modifications: { text: 'again!' } },
  });
});

test('what they took of the server’s memory they have given back', () => {
  console.info(
    `rss before ${rssBefore.toFixed(0)} MB, highest ${rssPeak.toFixed(0)} MB, after ${rssMb().toFixed(0)} MB`,
  );
  // Two threads may hold a module's limit each while they run, and two more may be on their way out.
  expect(rssPeak - rssBefore).toBeLessThan(128);
});
