import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createLogger } from '../../lib/logger';
import { type ModuleState, ModuleSupervisor } from './module_supervisor';
import { makeModuleFolder, writeModule } from './test/write_module';

const { folder, remove } = makeModuleFolder();
const announced: ModuleState[][] = [];
const supervisor = new ModuleSupervisor({
  folder,
  threads: 2,
  logger: createLogger('silent'),
  onChange: (states) => announced.push(states),
});
const asked = { hook: 'chat:before_ai', config: {}, session: null, noted: {} } as const;
const ask = (name: string, text = 'hello') => supervisor.call(name, { ...asked, text });
const stateOf = (name: string) => supervisor.states().find((state) => state.name === name);
const limits = { milliseconds: 150, memoryMb: 16 };

beforeAll(() => supervisor.start());
afterAll(async () => {
  await supervisor.stop();
  remove();
});

test('a folder that is dropped in is a module without a restart, and another one after each change', async () => {
  writeModule(
    folder,
    'echo',
    `'chat:before_ai': ({ text }) => ({ kind: 'continue', modifications: { text: text + ' 1' } })`,
  );
  await vi.waitFor(() => expect(stateOf('echo')?.status).toBe('ready'), { timeout: 5_000 });
  expect(await ask('echo')).toMatchObject({ ok: true, result: { modifications: { text: 'hello 1' } } });
  writeModule(
    folder,
    'echo',
    `'chat:before_ai': ({ text }) => ({ kind: 'continue', modifications: { text: text + ' 2' } })`,
  );
  await vi.waitFor(
    async () => expect(await ask('echo')).toMatchObject({ result: { modifications: { text: 'hello 2' } } }),
    { timeout: 5_000 },
  );
  expect(announced.length).toBeGreaterThanOrEqual(2);
});

test('a version with a mistake is told, and the one before it goes on working', async () => {
  writeModule(folder, 'echo', `'chat:before_ai': ({ text }) => (`);
  await supervisor.look();
  expect(stateOf('echo')?.problem).toMatch(/index\.ts, line 2/);
  expect(await ask('echo')).toMatchObject({ result: { modifications: { text: 'hello 2' } } });
});

test('a folder that is taken away is no module any more', async () => {
  rmSync(path.join(folder, 'echo'), { recursive: true });
  await supervisor.look();
  expect(stateOf('echo')).toBeUndefined();
  expect(await ask('echo')).toMatchObject({ ok: false, reason: 'absent' });
});

test('what a call leaves in a variable is not there in the next', async () => {
  writeModule(
    folder,
    'memory',
    `import { defineModule } from '@raptscallions/module-sdk/define_module';
     let kept = 'nothing';
     export default defineModule({ 'chat:before_ai'({ text }) {
       const before = kept + (globalThis as { also?: string }).also;
       kept = text; (globalThis as { also?: string }).also = text;
       (Object.prototype as { also?: string }).also = text;
       return { kind: 'continue', modifications: { text: before } };
     } });`,
  );
  await supervisor.look();
  await ask('memory', 'a secret');
  for (let time = 0; time < 4; time++) {
    expect(await ask('memory', 'a secret')).toMatchObject({
      result: { modifications: { text: 'nothingundefined' } },
    });
  }
});

test('a module rests after a crash, is disabled after five in a row, and can be revived', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    writeModule(
      folder,
      'loop',
      `'chat:before_ai': ({ text }) => { while (text === 'loop') {} return undefined; }`,
      { limits },
    );
    await supervisor.look();
    const rests: number[] = [];
    for (let crash = 1; crash <= 4; crash++) {
      expect(await ask('loop', 'loop')).toMatchObject({ ok: false, reason: 'time' });
      const began = Date.now();
      expect(await ask('loop')).toMatchObject({ ok: false, reason: 'resting' });
      while (stateOf('loop')?.status === 'resting') vi.setSystemTime(Date.now() + 100);
      rests.push(Math.round((Date.now() - began) / 1_000));
    }
    expect(rests).toEqual([1, 2, 4, 8]);
    expect(await ask('loop', 'loop')).toMatchObject({ ok: false, reason: 'time' });
    vi.setSystemTime(Date.now() + 60_000);
    expect(await ask('loop')).toMatchObject({ ok: false, reason: 'disabled' });
    expect(stateOf('loop')).toMatchObject({ status: 'disabled', crashes: 5 });
    supervisor.revive('loop');
    expect(await ask('loop')).toMatchObject({ ok: true });
    // One that works again begins its count anew.
    expect(await ask('loop', 'loop')).toMatchObject({ ok: false, reason: 'time' });
    vi.setSystemTime(Date.now() + 1_100);
    expect(await ask('loop')).toMatchObject({ ok: true });
    expect(stateOf('loop')?.crashes).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test('a module that throws at one text is not ill', async () => {
  writeModule(
    folder,
    'thrower',
    `'chat:before_ai': ({ text }) => { console.log('saw', text); throw new RangeError('no ' + text); }`,
  );
  await supervisor.look();
  for (let time = 0; time < 7; time++) {
    expect(await ask('thrower')).toMatchObject({
      ok: false,
      reason: 'error',
      message: 'RangeError: no hello',
      log: ['saw hello'],
    });
  }
  expect(stateOf('thrower')?.status).toBe('ready');
});

test('what a module writes to its console, or throws, can be stored, and is no longer than it may be', async () => {
  writeModule(
    folder,
    'chatty',
    `'chat:before_ai': ({ text }) => {
       if (text === 'many') {
         Array.prototype.toJSON = () => Array.from({ length: 2_000 }, () => 'long '.repeat(200));
         for (let at = 0; at < 60; at++) console.log(String(at).repeat(400));
         return undefined;
       }
       console.log('a nul \\0'); console.log('a'.repeat(299) + '😀');
       if (text === 'throw') throw new Error('a'.repeat(492) + '😀');
       return undefined;
     }`,
  );
  await supervisor.look();
  const log = ['a nul \ufffd', `${'a'.repeat(299)}\ufffd`];
  expect(await ask('chatty')).toMatchObject({ ok: true, log });
  expect(await ask('chatty', 'throw')).toMatchObject({
    ok: false,
    message: `Error: ${'a'.repeat(492)}\ufffd`,
    log,
  });
  const many = await ask('chatty', 'many');
  expect(many.log).toEqual(Array.from({ length: 50 }, (_, at) => String(at).repeat(400).slice(0, 300)));
});

test('a module whose dependency is missing, too old, or needs it in turn, does not run', async () => {
  const body = `'chat:before_ai': () => undefined`;
  writeModule(folder, 'needs-more', body, { dependencies: { base: '^2.0.0' } });
  await supervisor.look();
  expect(stateOf('needs-more')).toMatchObject({
    status: 'broken',
    problem: 'it needs base ^2.0.0, which is not here',
  });
  writeModule(folder, 'base', body);
  await supervisor.look();
  expect(stateOf('needs-more')?.problem).toBe('it needs base ^2.0.0, and 1.0.0 is here');
  writeModule(folder, 'base', body, { version: '2.3.0' });
  await supervisor.look();
  expect(stateOf('needs-more')?.status).toBe('ready');
  writeModule(folder, 'base', body, { version: '2.4.0', dependencies: { 'needs-more': '*' } });
  await supervisor.look();
  expect([stateOf('base')?.status, stateOf('needs-more')?.status]).toContain('broken');
});

test.each([
  ['a hook nobody knows', { hooks: ['chat:sometimes'] }, /hooks\.0/],
  ['a priority for a hook it does not name', { priorities: { 'session:end': 5 } }, /not among its hooks/],
  [
    'defaults its own schema refuses',
    { config: { type: 'object', properties: { n: { type: 'number' } } }, defaults: { n: 'x' } },
    /defaults\.n/,
  ],
  ['another name than its folder', { name: 'other' }, /it is called other/],
  ['a field that is not one', { timeout: 5 }, /timeout/],
])('module.yaml with %s is refused with its place', async (_what, manifest, problem) => {
  writeModule(folder, 'odd', `'chat:before_ai': () => undefined`, manifest);
  await supervisor.look();
  expect(stateOf('odd')).toMatchObject({ status: 'broken', manifest: null });
  expect(stateOf('odd')?.problem).toMatch(problem);
});
