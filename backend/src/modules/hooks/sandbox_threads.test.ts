import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadEngine } from '@raptscallions/module-sdk/sandbox';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { SandboxThreads } from './sandbox_threads';
import { findThreadProgram } from './thread_program';

const folder = mkdtempSync(path.join(tmpdir(), 'rapt-threads-'));
let threads: SandboxThreads | undefined;
afterEach(() => threads?.stop());
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const settles = { timeout: 20_000, interval: 20 };

const module = {
  key: 'echo',
  code: `globalThis.raptModule = { default: { 'chat:before_ai': () => ({ kind: 'continue' }) } };`,
  memoryMb: 16,
  loadMs: 5_000,
};
const call = { hook: 'chat:before_ai', context: '{"text":"hello","config":{}}', timeoutMs: 5_000 } as const;

async function readProgram(): Promise<string> {
  const program = await findThreadProgram();
  return 'script' in program ? program.script : readFileSync(program.file, 'utf8');
}

test('an engine that could not be loaded is loaded later, after a pause; nobody waits meanwhile', async () => {
  const tries: number[] = [];
  const failures: string[] = [];
  threads = new SandboxThreads(
    2,
    (message) => failures.push(message),
    async () => {
      tries.push(performance.now());
      if (tries.length < 3) throw new Error('no engine here');
      return { engine: await loadEngine(), program: await findThreadProgram() };
    },
  );
  // Asked as often as it likes: it is tried by the clock only.
  for (let time = 0; time < 50; time++)
    expect(await threads.run(module, call)).toMatchObject({ ok: false, reason: 'unavailable' });
  await vi.waitFor(async () => expect(await threads?.run(module, call)).toMatchObject({ ok: true }), settles);
  expect(failures).toEqual(['no engine here', 'no engine here']);
  expect(tries).toHaveLength(3);
  const [first = 0, second = 0, third = 0] = tries;
  // Timers may come a millisecond early.
  expect(second - first).toBeGreaterThan(98);
  expect(third - second).toBeGreaterThan(198);
});

test('a thread that does not start is started again after longer and longer pauses, and then works', async () => {
  const starts = path.join(folder, 'starts');
  const file = path.join(folder, 'thread.cjs');
  writeFileSync(
    file,
    `require('node:fs').appendFileSync(${JSON.stringify(starts)}, Date.now() + '\\n'); throw new Error('no thread today');`,
  );
  const failures: string[] = [];
  threads = new SandboxThreads(
    1,
    (message) => failures.push(message),
    async () => ({ engine: await loadEngine(), program: { file } }),
  );
  const startedAt = () => readFileSync(starts, 'utf8').trim().split('\n').map(Number);
  expect(await threads.run(module, call)).toMatchObject({ ok: false, reason: 'unavailable' });
  await vi.waitFor(() => expect(startedAt().length).toBeGreaterThanOrEqual(4), settles);
  const [first = 0, second = 0, third = 0, fourth = 0] = startedAt();
  expect(second - first).toBeGreaterThan(90);
  expect(third - second).toBeGreaterThan(190);
  expect(fourth - third).toBeGreaterThan(390);
  expect(failures[0]).toBe('no thread today');
  writeFileSync(file, await readProgram());
  await vi.waitFor(async () => expect(await threads?.run(module, call)).toMatchObject({ ok: true }), settles);
});

test('a module that ends its thread while it is made ready is not made ready again by itself', async () => {
  const endless = { ...module, key: 'endless', code: 'for (;;);', loadMs: 200 };
  const starts = path.join(folder, 'starts_of_endless');
  const file = path.join(folder, 'counting.cjs');
  writeFileSync(
    file,
    `require('node:fs').appendFileSync(${JSON.stringify(starts)}, 'x');\n${await readProgram()}`,
  );
  threads = new SandboxThreads(
    1,
    () => {},
    async () => ({ engine: await loadEngine(), program: { file } }),
  );
  await threads.warm(endless);
  await vi.waitFor(() => expect(readFileSync(starts, 'utf8')).toBe('xx'), settles);
  // Whoever comes after it finds the thread that was put in its place, which has nothing else to do.
  for (let time = 0; time < 20; time++) expect(await threads.run(module, call)).toMatchObject({ ok: true });
  expect(readFileSync(starts, 'utf8')).toBe('xx');
  expect(await threads.run(endless, call)).toMatchObject({ ok: false, reason: 'time' });
});
