import { call, ORPCError } from '@orpc/server';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { stored } from '../../db/stored_id';
import { userAppRouter } from '../../routers/user_app.router';
import { buildRuns } from '../../test/build_runs';
import { ModuleRegister } from './module_register';
import { makeModuleFolder, writeModule } from './test/write_module';

// What the modules' page asks for, in a school with one module and its worker.

const { folder, remove } = makeModuleFolder();
let runs: Awaited<ReturnType<typeof buildRuns>>;
let admin: ReturnType<typeof runs.built.as>;
let register: ModuleRegister;
const settles = { timeout: 15_000, interval: 50 };

beforeAll(async () => {
  writeModule(
    folder,
    'swap',
    `'chat:before_ai': ({ text, config }) => {
       if (text === 'crash') for (;;) {}
       if (text === 'stop') return { kind: 'block', reason: 'No.' };
       return { kind: 'continue', modifications: { text: text.replaceAll('a', String(config.letter)) } };
     }`,
    {
      config: { type: 'object', properties: { letter: { type: 'string', maxLength: 1 } } },
      defaults: { letter: 'o' },
      scope: ['global', 'group', 'tool'],
      limits: { milliseconds: 150, memoryMb: 16 },
    },
  );
  runs = await buildRuns({ modules: folder });
  register = new ModuleRegister(runs.built.app.systemDb, runs.modules, runs.built.app.logger);
  await register.write(runs.modules.states());
  register.start();
  admin = runs.built.as(await runs.school.addPerson('group_admin'), runs.school.tenantId);
});
afterAll(async () => {
  await register.stop();
  await runs.close();
  remove();
});

const district = () => ({ kind: 'group' as const, groupId: runs.school.district });
const school = () => ({ kind: 'group' as const, groupId: runs.school.school });
type Setting = { enabled?: boolean | null; config?: Record<string, string | number>; locked?: boolean };
const set = (place: ReturnType<typeof district>, setting: Setting = {}, context = admin) =>
  call(
    userAppRouter.hooks.set,
    { place, module: 'swap', enabled: true, config: {}, locked: false, ...setting },
    { context },
  );
const read = async (place: ReturnType<typeof district>) =>
  (await call(userAppRouter.hooks.list, { place }, { context: admin })).items[0];
const codeOf = (error: unknown) => (error instanceof ORPCError ? error.code : error);

test('a place shows its own setting and what counts from above', async () => {
  expect(await read(school())).toMatchObject({
    module: 'swap',
    status: 'ready',
    own: null,
    above: { enabled: false },
  });
  await set(district(), { config: { letter: 'u' } });
  expect(await read(district())).toMatchObject({
    own: { enabled: true, config: { letter: 'u' } },
    above: { enabled: false },
  });
  expect(await read(school())).toMatchObject({
    own: null,
    above: { enabled: true, config: { letter: 'u' }, locked: false },
  });
  await set(school(), { enabled: null, config: { letter: 'i' } });
  expect(await read(school())).toMatchObject({ own: { enabled: null, config: { letter: 'i' } } });
  // With nothing of its own left, a place forgets the module.
  await set(school(), { enabled: null });
  expect(await read(school())).toMatchObject({ own: null });
});

test('a config its schema refuses, and a place outside of the module’s scope, are refused', async () => {
  expect(await set(district(), { config: { letter: 'long' } }).catch(codeOf)).toBe('BAD_REQUEST');
  expect(await set(district(), { config: { other: 1 } }).catch(codeOf)).toBe('BAD_REQUEST');
  const chat = await runs.openChat();
  const { classId } = await chat.session();
  const place = { kind: 'class' as const, classId: classId ?? newId('class') };
  const input = { place, module: 'swap', enabled: true, config: {}, locked: false };
  expect(await call(userAppRouter.hooks.set, input, { context: admin }).catch(codeOf)).toBe('BAD_REQUEST');
});

test('a teacher sets modules for a tool of their own, unless it is fixed above, and fixes nothing', async () => {
  const teacher = await runs.school.addPerson('teacher');
  const { toolId } = await runs.school.addTool(teacher);
  const context = runs.built.as(teacher, runs.school.tenantId);
  const input = {
    place: { kind: 'tool' as const, toolId },
    module: 'swap',
    enabled: false,
    config: {},
    locked: false,
  };
  const ofTool = (more = {}) =>
    call(userAppRouter.hooks.set, { ...input, ...more }, { context }).then(() => 'done', codeOf);
  expect(await ofTool()).toBe('done');
  expect(await ofTool({ locked: true })).toBe('FORBIDDEN');
  await set(district(), { locked: true });
  expect(await ofTool()).toBe('CONFLICT');
  expect(await set(school()).catch(codeOf)).toBe('CONFLICT');
  await set(district());
  expect(await set(district(), {}, context).catch(codeOf)).toBe('NOT_FOUND');
});

test('a module is tried on a sample text with the settings of a place, and nothing is stored', async () => {
  await set(district(), { config: { letter: 'e' } });
  const attempt = (text: string, config = {}) =>
    call(
      userAppRouter.hooks.try,
      { place: school(), module: 'swap', hook: 'chat:before_ai', text, config },
      { context: admin },
    );
  expect(await attempt('banana')).toMatchObject({ outcome: 'changed', text: 'benene' });
  expect(await attempt('banana', { letter: 'i' })).toMatchObject({ text: 'binini' });
  expect(await attempt('stop')).toMatchObject({ outcome: 'blocked', text: null, reason: 'No.' });
  for (let time = 0; time < 6; time++) {
    expect(await attempt('crash')).toMatchObject({ outcome: 'failed', reason: 'it took longer than it may' });
  }
  expect(await read(school())).toMatchObject({ status: 'ready', crashes: 0 });
  expect(await runs.built.app.systemDb.hookVerdicts.count()).toBe(0);
});

test('the log holds what was said in one’s groups, page after page; what was held back is read with a record', async () => {
  await set(district());
  const chat = await runs.openChat();
  const { runId } = await chat.say('stop');
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('blocked'), settles);
  const next = await chat.say('a banana');
  await vi.waitFor(async () => expect((await chat.run(next.runId)).status).toBe('completed'), settles);
  const first = await call(userAppRouter.hooks.listVerdicts, { limit: 1 }, { context: admin });
  expect(first.items).toMatchObject([{ outcome: 'changed', runId: next.runId, module: 'swap' }]);
  const second = await call(
    userAppRouter.hooks.listVerdicts,
    { cursor: first.cursor ?? '' },
    { context: admin },
  );
  expect(second.items).toMatchObject([{ outcome: 'blocked', runId, reason: 'No.' }]);
  expect(
    (await call(userAppRouter.hooks.listVerdicts, { limit: 9 }, { context: chat.teacher })).items,
  ).toEqual([]);

  const look = { originalViewId: newId('originalview'), runId };
  for (const context of [chat.context, chat.teacher]) {
    expect(await call(userAppRouter.hooks.readOriginals, look, { context }).catch(codeOf)).toBe('NOT_FOUND');
  }
  for (let time = 0; time < 2; time++) {
    const { originals } = await call(userAppRouter.hooks.readOriginals, look, { context: admin });
    expect(originals).toMatchObject([{ original: 'stop', module: 'swap', reason: 'No.' }]);
  }
  expect(await runs.built.app.systemDb.runOriginalViews.where(stored({ runId }))).toHaveLength(1);
});

test('a module that was disabled by its crashes begins again when an administrator wants it', async () => {
  const call5 = async () => {
    const context = { config: {}, session: null, noted: {}, hook: 'chat:before_ai', text: 'crash' } as const;
    await runs.modules.call('swap', context);
  };
  vi.useFakeTimers({ toFake: ['Date'] });
  for (let crash = 0; crash < 5; crash++) {
    await call5();
    vi.setSystemTime(Date.now() + 60_000);
  }
  vi.useRealTimers();
  await register.write(runs.modules.states());
  expect(await read(district())).toMatchObject({ status: 'disabled', crashes: 5 });
  await call(userAppRouter.hooks.revive, { place: district(), module: 'swap' }, { context: admin });
  await vi.waitFor(() => expect(runs.modules.states()[0]).toMatchObject({ status: 'ready' }), settles);
});
