import { randomUUID } from 'node:crypto';
import { call } from '@orpc/server';
import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { stored } from '../../db/stored_id';
import { userAppRouter } from '../../routers/user_app.router';
import { buildRuns } from '../../test/build_runs';
import { performRunTask } from '../runs/runs.event';
import { observeHook } from './services/observe_hook.service';
import { makeModuleFolder, writeModule } from './test/write_module';

// Modules of the test's own read along in real runs: a worker, a scripted gateway, PostgreSQL.

const { folder, remove } = makeModuleFolder();
let runs: Awaited<ReturnType<typeof buildRuns>>;
const settles = { timeout: 15_000, interval: 30 };
const limits = { milliseconds: 300, memoryMb: 16 };

beforeAll(async () => {
  writeModule(
    folder,
    'word-filter',
    `'chat:before_ai': ({ text }) => {
       if (text.includes('forbidden')) return { kind: 'block', reason: 'That word stays outside.', audit: { word: 'forbidden' } };
       if (text.includes('recipe')) return { kind: 'block', directResponse: text.includes('poison') ? 'Some poison.' : 'Ask the cook.' };
       return { kind: 'continue', modifications: { text: text.replaceAll('dang', '****') } };
     },
     'chat:after_ai': ({ text, final, soFar }) =>
       text.includes('poison') ? { kind: 'block', reason: 'That answer was no good.' }
         : { kind: 'continue', modifications: { text: text.replaceAll('frog', 'newt') }, audit: { final, soFar: soFar.length } }`,
    { hooks: ['chat:before_ai', 'chat:after_ai'], on_error: 'block', limits },
  );
  writeModule(
    folder,
    'cook',
    `'chat:before_ai': ({ text }) =>
       text.startsWith('menu') ? { kind: 'block', directResponse: text.replace('menu', 'Menu') } : undefined`,
  );
  writeModule(
    folder,
    'oracle',
    `'chat:before_ai': ({ text, tool, history }) =>
       text === 'who are you' ? { kind: 'continue', directResponse: 'The oracle of ' + tool.name }
         : text === 'who is the frog' ? { kind: 'continue', directResponse: 'I am the frog.' }
         : text === 'who has poison' ? { kind: 'continue', directResponse: 'I have poison.' }
         : { kind: 'continue', modifications: { prompt: 'Speak in riddles. Heard: ' + history.length } }`,
    { permissions: ['tool', 'history'], priorities: { 'chat:before_ai': 20 } },
  );
  writeModule(
    folder,
    'watcher',
    `'chat:on_message': ({ role, text }) => ({ kind: 'continue', extractions: text.includes('stuck') ? [{ kind: 'struggle', severity: 'attention', label: role + ' is stuck' }] : [] }),
     'session:start': () => ({ kind: 'continue', audit: { began: true } }),
     'session:end': ({ endedAt, startedAt }) => ({ kind: 'continue', audit: { lasted: endedAt >= startedAt } }),
     'run:complete': ({ status }) => ({ kind: 'continue', audit: { status } })`,
    { hooks: ['chat:on_message', 'session:start', 'session:end', 'run:complete'] },
  );
  writeModule(
    folder,
    'hangs',
    `'chat:before_ai': ({ text }) => { if (text.includes('hang')) for (;;) {} return undefined; }`,
    {
      on_error: 'block',
      limits,
    },
  );
  writeModule(
    folder,
    'strict',
    `'chat:after_ai': ({ text }) => { if (text.includes('trap')) for (;;) {} return undefined; }`,
    { hooks: ['chat:after_ai'], on_error: 'block', limits },
  );
  writeModule(folder, 'breaks', `'chat:before_ai': () => { throw new Error('oh no'); }`, {
    on_error: 'continue',
  });
  writeModule(
    folder,
    'talks',
    `'chat:before_ai': ({ text }) => { throw new Error('cannot read ' + text); }`,
    {
      on_error: 'block',
    },
  );
  writeModule(
    folder,
    'logs',
    `'chat:after_ai': ({ text }) => { console.log('nul \\0'); console.log('a'.repeat(299) + '😀'); return undefined; },
     'chat:before_ai': ({ text }) => { if (text.includes('throw')) throw new Error('a'.repeat(492) + '😀'); return undefined; }`,
    { hooks: ['chat:before_ai', 'chat:after_ai'], on_error: 'continue' },
  );
  runs = await buildRuns({ modules: folder });
});
afterAll(async () => {
  await runs.close();
  remove();
});
beforeEach(async () => {
  await runs.built.app.systemDb.moduleSettings.all().delete();
  for (const { name } of runs.modules.states()) runs.modules.revive(name);
});

type Setting = Parameters<typeof runs.setModule>;
const set = (...setting: Setting) => runs.setModule(...setting);
const db = () => runs.built.app.systemDb;
const verdictsOf = async (runId: RichId<'run'>) =>
  await db().hookVerdicts.where(stored({ runId })).order({ hook: 'ASC', module: 'ASC' });
const chunksOf = async (runId: RichId<'run'>) =>
  (await db().runChunks.where(stored({ runId })).order({ attempt: 'ASC', seq: 'ASC' }))
    .map(({ text }) => text)
    .join('');
async function ends(
  chat: { run(runId: RichId<'run'>): Promise<{ status: string }> },
  runId: RichId<'run'>,
  status: string,
) {
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe(status), settles);
}

test('a question goes to the AI, to teachers and into the record as the modules left it', async () => {
  await set('word-filter');
  const chat = await runs.openChat();
  const { runId } = await chat.say('where is the dang bus');
  await ends(chat, runId, 'completed');
  const [question, answer] = await chat.messages();
  expect(question).toMatchObject({ text: 'where is the **** bus', shownToStaff: true });
  expect(answer?.text).toContain('where is the **** bus');
  expect(JSON.stringify(runs.stub.requests.at(-1)?.body)).not.toContain('dang');
  const prompts = await db().runPrompts.where(stored({ runId }));
  expect(JSON.stringify(prompts)).not.toContain('dang');
  expect((await verdictsOf(runId)).map(({ hook, outcome }) => `${hook} ${outcome}`)).toEqual([
    'chat:before_ai changed',
    'chat:after_ai passed',
  ]);
});

test('until the modules have passed it, a question is its author’s only', async () => {
  await set('hangs');
  const chat = await runs.openChat();
  const { runId } = await chat.say('hang on to this');
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('processing'), settles);
  expect((await chat.messages())[0]?.shownToStaff).toBe(false);
  // A module that had to say yes and did not: nothing went on, and the question can be tried again.
  await ends(chat, runId, 'failed');
  expect((await chat.messages()).map(({ text, shownToStaff }) => [text, shownToStaff])).toEqual([
    ['hang on to this', false],
  ]);
  expect(await chat.run(runId)).toMatchObject({ errorCode: 'not_checked' });
  expect(await verdictsOf(runId)).toMatchObject([{ module: 'hangs', outcome: 'failed' }]);
});

test('a question that is held back is stored as [blocked], its original where administrators read it', async () => {
  await set('word-filter');
  const chat = await runs.openChat();
  const asked = runs.stub.requests.length;
  const { runId } = await chat.say('tell me the forbidden thing');
  await ends(chat, runId, 'blocked');
  expect(runs.stub.requests.length).toBe(asked);
  expect((await chat.messages()).map(({ text, outcome }) => [text, outcome])).toEqual([
    ['[blocked]', 'blocked'],
  ]);
  expect(await chat.run(runId)).toMatchObject({ errorMessage: 'That word stays outside.' });
  expect(await db().runOriginals.where(stored({ runId }))).toMatchObject([
    { original: 'tell me the forbidden thing', module: 'word-filter', hook: 'chat:before_ai' },
  ]);
  expect(await verdictsOf(runId)).toMatchObject([
    { outcome: 'blocked', reason: 'That word stays outside.', audit: { word: 'forbidden' } },
  ]);
  await expect(call(userAppRouter.chat.retry, { runId }, { context: chat.context })).rejects.toMatchObject({
    code: 'CONFLICT',
  });
  // The next one knows nothing of it.
  const next = await chat.say('something else');
  await ends(chat, next.runId, 'completed');
  expect(JSON.stringify(runs.stub.requests.at(-1)?.body)).not.toContain('blocked');
});

test('a module may answer in the AI’s place, with the question held back or not', async () => {
  await set('word-filter');
  await set('oracle');
  const chat = await runs.openChat();
  const asked = runs.stub.requests.length;
  const blocked = await chat.say('a recipe please');
  await ends(chat, blocked.runId, 'blocked');
  const answered = await chat.say('who are you');
  await ends(chat, answered.runId, 'completed');
  expect((await chat.messages()).map(({ text }) => text)).toEqual([
    '[blocked]',
    'Ask the cook.',
    'who are you',
    'The oracle of T',
  ]);
  expect(runs.stub.requests.length).toBe(asked);
  expect(await verdictsOf(answered.runId)).toMatchObject([
    { module: 'oracle', outcome: 'answered' },
    { hook: 'chat:after_ai', module: 'word-filter', outcome: 'passed' },
  ]);
});

test('what a module answers itself passes the modules after the AI, like any answer', async () => {
  await set('oracle');
  await set('word-filter');
  const chat = await runs.openChat();
  const { runId } = await chat.say('who is the frog');
  await ends(chat, runId, 'completed');
  expect((await chat.messages()).at(-1)?.text).toBe('I am the newt.');
  expect(
    (await verdictsOf(runId)).map(({ hook, module, outcome }) => [hook, module, outcome]),
  ).toContainEqual(['chat:after_ai', 'word-filter', 'changed']);
  const refused = await chat.say('who has poison');
  await ends(chat, refused.runId, 'blocked');
  const [, , question, answer] = await chat.messages();
  expect(question).toMatchObject({ text: 'who has poison', outcome: 'complete' });
  expect(answer).toMatchObject({ text: '[blocked]', outcome: 'blocked' });
  const [original] = await db().runOriginals.where(stored({ runId: refused.runId }));
  expect(original).toMatchObject({ hook: 'chat:after_ai', original: 'I have poison.' });
});

test('what a module answers to a question it holds back stands word for word, unless another holds that back', async () => {
  for (const module of ['word-filter', 'cook', 'strict']) await set(module);
  const chat = await runs.openChat();
  for (const question of ['a recipe with poison', 'menu: frog', 'menu: trap', 'menu: poison']) {
    await ends(chat, (await chat.say(question)).runId, 'blocked');
  }
  // The module that spoke is not asked about itself, and of the last answer there is only the reason.
  const answers = (await chat.messages()).filter(({ role }) => role === 'assistant').map(({ text }) => text);
  expect(answers).toEqual(['Some poison.', 'Menu: frog', 'Menu: trap']);
});

test('a module one pupil crashes with a text rests for that pupil, and reads what the others write', async () => {
  await set('hangs');
  const { chats } = await runs.openClass(2);
  const [hostile, other] = chats;
  if (!hostile || !other) throw new Error('a class of two has two chats');
  await ends(hostile, (await hostile.say('hang on to this')).runId, 'failed');
  const read = await other.say('hello');
  await ends(other, read.runId, 'completed');
  expect(await verdictsOf(read.runId)).toMatchObject([{ module: 'hangs', outcome: 'passed' }]);
  expect(runs.modules.states().find(({ name }) => name === 'hangs')?.status).toBe('ready');
});

test('a module may add to the instructions', async () => {
  await set('oracle');
  const chat = await runs.openChat();
  await ends(chat, (await chat.say('one')).runId, 'completed');
  await ends(chat, (await chat.say('two')).runId, 'completed');
  expect(JSON.stringify(runs.stub.requests.at(-1)?.body)).toContain('Speak in riddles. Heard: 2');
});

test('an answer leaves the worker sentence by sentence, each as the module left it', async () => {
  await set('word-filter');
  const chat = await runs.openChat('stub');
  runs.stub.script({ kind: 'ok', text: 'A frog sat here. Two frogs sat there. The frog left', pace: 5 });
  const { runId } = await chat.say('tell me');
  await ends(chat, runId, 'completed');
  const text = 'A newt sat here. Two newts sat there. The newt left';
  expect((await chat.messages())[1]).toMatchObject({ text, outcome: 'complete' });
  expect(await chunksOf(runId)).toBe(text);
  const [after] = (await verdictsOf(runId)).filter(({ hook }) => hook === 'chat:after_ai');
  expect(after).toMatchObject({ outcome: 'changed', calls: 3, audit: { final: true, soFar: 38 } });
});

test('an answer that is held back at its end is taken from whoever has seen a part, and the AI is told to stop', async () => {
  await set('word-filter');
  const chat = await runs.openChat('stub');
  const rest = Array.from({ length: 300 }, (_, at) => `word${at}`).join(' ');
  runs.stub.script({ kind: 'ok', text: `This is fine. So is this. Take the poison. ${rest}`, pace: 10 });
  const arrived = runs.stub.arrived(runs.stub.requests.length + 1);
  const seen: { attempt: number; text: string }[] = [];
  const { runId, answerMessageId } = await chat.say('tell me');
  const ids = stored({ tenantId: runs.school.tenantId, runId });
  runs.relay.watch(seen, ids.tenantId, ids.runId, ({ attempt, text }) => seen.push({ attempt, text }));
  await ends(chat, runId, 'blocked');
  expect(await (await arrived).ended).toBe('aborted');
  expect((await chat.messages())[1]).toMatchObject({ text: '[blocked]', outcome: 'blocked' });
  expect(await chunksOf(runId)).toBe('');
  await vi.waitFor(() => expect(seen.at(-1)).toEqual({ attempt: 2, text: '' }), settles);
  expect(seen.map(({ text }) => text).join('')).not.toContain('poison');
  const [original] = await db().runOriginals.where(stored({ runId }));
  expect(original?.original).toContain('So is this. Take the poison. ');
  // What is asked for again begins anew, and loses no word.
  runs.stub.script({ kind: 'ok', text: 'Drink water. It is good.', pace: 1 });
  const again = { answerMessageId, runId: newId('run'), newAnswerMessageId: newId('message') };
  await call(userAppRouter.chat.regenerate, again, { context: chat.context });
  await ends(chat, again.runId, 'completed');
  expect((await chat.messages()).at(-1)?.text).toBe('Drink water. It is good.');
});

test('where a module could not check an answer, what it had passed stays, and it can be asked for again', async () => {
  await set('strict');
  const chat = await runs.openChat('stub');
  runs.stub.script({ kind: 'ok', text: 'This is fine. It is a trap. And more. ', pace: 5 });
  const { runId } = await chat.say('tell me');
  await ends(chat, runId, 'failed');
  expect(await chat.run(runId)).toMatchObject({ errorCode: 'not_checked' });
  expect((await chat.messages())[1]).toMatchObject({ text: 'This is fine. ', outcome: 'interrupted' });
  expect(await chunksOf(runId)).toBe('This is fine. ');
  runs.modules.revive('strict');
  runs.stub.script({ kind: 'ok', text: 'All is well.', pace: 1 });
  await call(userAppRouter.chat.retry, { runId }, { context: chat.context });
  await ends(chat, runId, 'completed');
  expect((await chat.messages())[1]).toMatchObject({ text: 'All is well.', outcome: 'complete' });
});

test('an answer that is stopped keeps the sentences that had passed, and no half one', async () => {
  await set('word-filter');
  const chat = await runs.openChat('stub');
  const rest = Array.from({ length: 300 }, (_, at) => `frog${at}`).join(' ');
  runs.stub.script({ kind: 'ok', text: `A frog sat. ${rest}`, pace: 10 });
  const { runId } = await chat.say('tell me');
  await vi.waitFor(async () => expect(await chunksOf(runId)).toBe('A newt sat. '), settles);
  await call(userAppRouter.chat.stop, { runId }, { context: chat.context });
  await ends(chat, runId, 'cancelled');
  expect((await chat.messages())[1]).toMatchObject({ text: 'A newt sat. ', outcome: 'stopped' });
});

test('a module that fails where that is allowed is left out, and its failure is in the log', async () => {
  await set('breaks');
  const chat = await runs.openChat();
  const { runId } = await chat.say('hello');
  await ends(chat, runId, 'completed');
  expect(await verdictsOf(runId)).toMatchObject([
    { module: 'breaks', outcome: 'failed', reason: 'Error: oh no' },
  ]);
});

test('no line on a module’s console, and nothing it throws, keeps a run from ending', async () => {
  await set('logs');
  const chat = await runs.openChat();
  const { runId } = await chat.say('throw it');
  await ends(chat, runId, 'completed');
  expect((await chat.run(runId)).attempt).toBe(1);
  const [before, after] = await verdictsOf(runId);
  expect(before).toMatchObject({ hook: 'chat:before_ai', outcome: 'failed' });
  expect(before?.reason).toMatch(/^Error: a+\ufffd$/);
  expect(after?.log.slice(0, 2)).toEqual(['nul \ufffd', `${'a'.repeat(299)}\ufffd`]);
});

test('what a pupil wrote is in no log, also when a module fails over it', async () => {
  await set('talks');
  const logged = vi.spyOn(runs.built.app.logger, 'warn');
  const chat = await runs.openChat();
  const { runId } = await chat.say('my secret');
  await ends(chat, runId, 'failed');
  expect(logged).toHaveBeenCalledWith(expect.objectContaining({ runId, module: 'talks' }), expect.anything());
  expect(JSON.stringify(logged.mock.calls)).not.toContain('my secret');
  // Whoever looks after the module finds it with its verdict, where only administrators read.
  expect(await verdictsOf(runId)).toMatchObject([
    { outcome: 'failed', reason: 'Error: cannot read my secret' },
  ]);
  logged.mockRestore();
});

test('a module that somebody switched on and that is not here holds everything back', async () => {
  await set('vanished');
  const chat = await runs.openChat();
  const { runId } = await chat.say('hello');
  await ends(chat, runId, 'failed');
  expect((await chat.run(runId)).errorCode).toBe('not_checked');
});

test('global < group < class < tool, what is locked stays, and a tool may ask for a module itself', async () => {
  const { classId, chats, another } = await (async () => {
    const chat = await runs.openChat();
    const session = await chat.session();
    return { classId: session.classId ?? newId('class'), chats: chat, another: chat.another };
  })();
  const session = await chats.session();
  const isOn = async () => {
    const chat = await another();
    const { runId } = await chat.say('the dang bus');
    await ends(chat, runId, 'completed');
    return (await chat.messages())[0]?.text.includes('****') ?? false;
  };
  expect(await isOn()).toBe(false);
  await set('word-filter', { place: { groupId: runs.school.district } });
  expect(await isOn()).toBe(true);
  await set('word-filter', { place: { groupId: runs.school.school }, enabled: false });
  expect(await isOn()).toBe(false);
  await set('word-filter', { place: { classId } });
  expect(await isOn()).toBe(true);
  await set('word-filter', { place: { toolId: session.toolId }, enabled: false });
  expect(await isOn()).toBe(false);
  await set('word-filter', { locked: true });
  expect(await isOn()).toBe(true);
  await db().moduleSettings.all().delete();
  const yaml = 'name: T\ntype: chat\nbehavior: Ask first.\nmodules: [word-filter]\n';
  await db()
    .toolSources.where(stored({ toolVersionId: session.toolVersionId }))
    .update({ yaml });
  expect(await isOn()).toBe(true);
  await set('word-filter', { locked: true, enabled: false });
  expect(await isOn()).toBe(false);
});

test('modules that only look are told of messages, sessions and ends, beside the chat, and what they note is stored once', async () => {
  await set('watcher');
  const chat = await runs.openChat();
  const { runId, messageId, answerMessageId } = await chat.say('I am stuck');
  await ends(chat, runId, 'completed');
  await call(userAppRouter.chat.complete, { chatSessionId: chat.chatSessionId }, { context: chat.context });
  const ids = stored({ tenantId: runs.school.tenantId, chatSessionId: chat.chatSessionId });
  await vi.waitFor(
    async () => {
      const said = await db().hookVerdicts.where(ids);
      expect(said.map(({ hook, audit }) => `${hook} ${JSON.stringify(audit)}`).sort()).toEqual([
        'chat:on_message {}',
        'chat:on_message {}',
        'run:complete {"status":"completed"}',
        'session:end {"lasted":true}',
        'session:start {"began":true}',
      ]);
    },
    { timeout: 20_000, interval: 100 },
  );
  // A task may come twice.
  const again = { hook: 'chat:on_message', chatSessionId: chat.chatSessionId, runId, messageId } as const;
  const { tenantId } = runs.school;
  await observeHook({ db: runs.built.app.db, modules: runs.modules }, { tenantId, ...again });
  expect(await db().hookVerdicts.where(ids)).toHaveLength(5);
  const notes = await db().messageNotes.where(ids).order({ label: 'ASC' });
  // The stub says again what it was asked.
  expect(notes.map(({ messageId, label, severity }) => [messageId, label, severity])).toEqual([
    [answerMessageId, 'assistant is stuck', 'attention'],
    [messageId, 'user is stuck', 'attention'],
  ]);
});

test('whoever looks at the ends of runs is told of those that end before the AI is asked, too', async () => {
  await set('watcher');
  const asked = runs.stub.requests.length;
  const teller = async (runId: RichId<'run'>) =>
    (await verdictsOf(runId)).filter(({ hook }) => hook === 'run:complete').map(({ audit }) => audit);
  const { systemDb } = runs.built.app;
  const groupId = stored({ tenantId: runs.school.tenantId, groupId: runs.school.school });
  await systemDb.groups.where(groupId).update({ settings: { enabledModels: ['another'] } });
  const refused = await runs.openChat('forbidden-model');
  const { runId } = await refused.say('hello');
  await ends(refused, runId, 'failed');
  await systemDb.groups.where(groupId).update({ settings: {} });
  // Stopped while it waits behind a talk that is paused, so that no worker has ever had it.
  const chat = await runs.openChat();
  await systemDb.chatSessions
    .where(stored({ chatSessionId: chat.chatSessionId }))
    .update({ status: 'paused' });
  const waiting = newId('run');
  const { tenantId } = runs.school;
  const session = await chat.session();
  const { userId, classId, toolVersionId, chatSessionId } = session;
  await systemDb.runs.create({ tenantId, runId: waiting, userId, classId, toolVersionId, chatSessionId });
  await call(userAppRouter.chat.stop, { runId: waiting }, { context: chat.context });
  await vi.waitFor(
    async () => {
      expect(await teller(runId)).toEqual([{ status: 'failed' }]);
      expect(await teller(waiting)).toEqual([{ status: 'cancelled' }]);
    },
    { timeout: 20_000, interval: 100 },
  );
  expect(runs.stub.requests.length).toBe(asked);
});

test('a run whose tool has no text any more can be stopped, and is given up when it has killed its workers', async () => {
  await set('watcher');
  const { systemDb } = runs.built.app;
  const { tenantId } = runs.school;
  const chat = await runs.openChat();
  const { userId, classId, toolVersionId, chatSessionId } = await chat.session();
  await systemDb.chatSessions.where(stored({ chatSessionId })).update({ status: 'paused' });
  await systemDb.toolSources.where(stored({ toolVersionId })).hardDelete();
  const make = async () => {
    const runId = newId('run');
    await systemDb.runs.create({ tenantId, runId, userId, classId, toolVersionId, chatSessionId });
    return runId;
  };
  const stopped = await make();
  await call(userAppRouter.chat.stop, { runId: stopped }, { context: chat.context });
  expect((await chat.run(stopped)).status).toBe('cancelled');
  const killer = await make();
  await systemDb.runs.where(stored({ runId: killer })).update({ status: 'processing', attempt: 5 });
  const lost = { taskId: randomUUID(), leaseUntil: Date.now() - 1, takeovers: 4 };
  const lease = { tenantId, runId: killer, userId, classId, chatSessionId, attempt: 5 };
  await systemDb.runLeases.create({ ...lease, ...lost });
  await runs.built.app.enqueue(performRunTask, { tenantId, runId: killer });
  await ends(chat, killer, 'failed');
  expect((await chat.run(killer)).errorMessage).toContain('also not when we tried again');
});

test('a teacher takes on what was noted; who was first and when stays, in the note and in the audit log', async () => {
  await set('watcher');
  const { systemDb } = runs.built.app;
  const { tenantId } = runs.school;
  const chat = await runs.openChat();
  await chat.say('I am stuck');
  const ids = stored({ tenantId, chatSessionId: chat.chatSessionId });
  await vi.waitFor(async () => expect(await db().messageNotes.where(ids)).not.toEqual([]), {
    timeout: 20_000,
    interval: 100,
  });
  const [note] = await db().messageNotes.where(ids);
  if (!note) throw new Error('there is a note');
  const { messageNoteId } = note;
  const acknowledge = (context: typeof chat.context) =>
    call(userAppRouter.hooks.acknowledge, { messageNoteId }, { context, path: ['hooks', 'acknowledge'] });
  await expect(acknowledge(chat.context)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await acknowledge(chat.teacher);
  const [first] = await db().messageNotes.where(stored({ tenantId, messageNoteId }));
  expect(first?.acknowledgedAt).not.toBeNull();
  const { classId } = await chat.session();
  const colleague = await runs.school.addPerson('teacher');
  if (classId) {
    const member = { tenantId, classMemberId: newId('classmember'), classId, userId: colleague };
    await systemDb.classMembers.create({ ...member, role: 'teacher' });
  }
  await acknowledge(runs.built.as(colleague, tenantId));
  expect(await db().messageNotes.where(stored({ tenantId, messageNoteId }))).toMatchObject([
    { acknowledgedAt: first?.acknowledgedAt, acknowledgedByUserId: first?.acknowledgedByUserId },
  ]);
  const entries = await systemDb.auditEntries
    .where({ ...stored({ tenantId }), action: 'hooks.acknowledge' })
    .order({ auditEntryId: 'ASC' });
  expect(entries.map(({ actorUserId }) => actorUserId)).toEqual([first?.acknowledgedByUserId, colleague]);
  expect(entries.map(({ subjectUserId }) => subjectUserId)).toEqual([note.userId, note.userId]);
});
