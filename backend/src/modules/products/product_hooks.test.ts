import { call } from '@orpc/server';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { stored } from '../../db/stored_id';
import type { RequestContext } from '../../procedures/context';
import { userAppRouter } from '../../routers/user_app.router';
import { buildRuns } from '../../test/build_runs';
import { makeModuleFolder, writeModule } from '../hooks/test/write_module';

const { folder, remove } = makeModuleFolder();
let runs: Awaited<ReturnType<typeof buildRuns>>;
let pupil: RequestContext;
let teacher: UserId;
let pupilId: UserId;
let assignmentId: `assignment-${string}`;
let toolVersionId: `toolversion-${string}`;
const settles = { timeout: 15_000, interval: 30 };

beforeAll(async () => {
  writeModule(
    folder,
    'form-filter',
    `'product:before_ai': ({ data }) => data.topic.includes('forbidden') ? { kind: 'block', reason: 'Not this topic.' }
       : { kind: 'continue', modifications: { data: { ...data, topic: data.topic.replaceAll('Zoë', '[name]') } } },
     'product:after_ai': ({ data }) => data.text.includes('poison') ? { kind: 'block' }
       : data.text.includes('riddle') ? { kind: 'continue', directResponse: 'Ask your teacher.' }
       : data.text.includes('break') ? { kind: 'continue', modifications: { data: { text: 1 } } }
       : { kind: 'continue', modifications: { data: { ...data, text: data.text.replaceAll('frog', 'newt') } } }`,
    { hooks: ['product:before_ai', 'product:after_ai'], on_error: 'block' },
  );
  writeModule(
    folder,
    'watcher',
    `'run:complete': ({ status }) => ({ kind: 'continue', audit: { status } })`,
    {
      hooks: ['run:complete'],
    },
  );
  runs = await buildRuns({ modules: folder });
  const { school, built } = runs;
  const { tenantId } = school;
  await runs.setModule('form-filter');
  teacher = await school.addPerson('teacher');
  pupilId = await school.addPerson('student');
  const classId = await school.addClass(teacher, [pupilId]);
  const form = await school.addProduct(teacher);
  toolVersionId = form.toolVersionId;
  assignmentId = newId('assignment');
  await built.app.systemDb.assignments.create({ tenantId, assignmentId, classId, ...form, title: 'Quiz' });
  pupil = built.as(pupilId, tenantId);
});
afterAll(async () => {
  await runs.close();
  remove();
});

async function fillIn(topic: string) {
  const runId = newId('run');
  const input = { topic };
  await call(userAppRouter.products.run, { runId, assignmentId, toolVersionId, input }, { context: pupil });
  const { systemDb } = runs.built.app;
  const ids = stored({ tenantId: runs.school.tenantId, runId });
  await vi.waitFor(
    async () => expect((await systemDb.runs.findBy(ids)).status).not.toMatch(/pending|processing/),
    settles,
  );
  return {
    run: await systemDb.runs.findBy(ids),
    result: await systemDb.productResults.findBy(ids),
    verdicts: await systemDb.hookVerdicts.where(ids).order({ hook: 'ASC' }),
    originals: await systemDb.runOriginals.where(ids),
  };
}

test('modules read what is filled in before the AI and teachers do, and the result before anybody does', async () => {
  runs.stub.script({ kind: 'ok', text: '{"text": "Why do frogs sing?", "points": 1}' });
  const { run, result, verdicts } = await fillIn('Zoë and the pond');
  expect(run.status).toBe('completed');
  expect(result).toMatchObject({
    input: { topic: '[name] and the pond' },
    output: { text: 'Why do newts sing?' },
    shownToStaff: true,
  });
  expect(runs.stub.requests.at(-1)?.body.messages.at(-1)?.content).not.toContain('Zoë');
  expect(verdicts.map(({ hook, outcome }) => [hook, outcome])).toEqual([
    ['product:before_ai', 'changed'],
    ['product:after_ai', 'changed'],
  ]);
});

test('a form that is held back asks no AI, stays its author’s alone and says why', async () => {
  const before = runs.stub.requests.length;
  const { run, result, verdicts, originals } = await fillIn('the forbidden pond');
  expect(run).toMatchObject({ status: 'blocked', errorCode: 'held_back', errorMessage: 'Not this topic.' });
  expect(result).toMatchObject({ output: null, shownToStaff: false });
  expect(verdicts.map(({ outcome }) => outcome)).toEqual(['blocked']);
  expect(originals).toMatchObject([
    { hook: 'product:before_ai', module: 'form-filter', original: { topic: 'the forbidden pond' } },
  ]);
  expect(runs.stub.requests).toHaveLength(before);
});

test('a result that is held back is its administrators’ alone, each look at which is recorded; it was paid for', async () => {
  const usage = { promptTokens: 11, completionTokens: 7 };
  runs.stub.script({ kind: 'ok', text: '{"text": "poison", "points": 1}', usage });
  const { run, result, originals } = await fillIn('ponds');
  expect(run).toMatchObject({ status: 'blocked', errorCode: 'held_back', promptTokens: 11 });
  expect(run.errorMessage).toContain('filter of your school');
  expect(result.output).toBeNull();
  expect(originals).toHaveLength(1);
  const { school, built } = runs;
  const { tenantId } = school;
  const { runId } = run;
  const look = { runId, originalViewId: newId('originalview') };
  const read = userAppRouter.hooks.readOriginals;
  for (const context of [pupil, built.as(teacher, tenantId)])
    await expect(call(read, look, { context })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const adminId = await school.addPerson('group_admin');
  const context = built.as(adminId, tenantId);
  expect(await call(read, look, { context, path: ['hooks', 'readOriginals'] })).toMatchObject({
    runId,
    originals: [
      {
        hook: 'product:after_ai',
        module: 'form-filter',
        original: { text: 'poison', points: 1 },
        reason: null,
      },
    ],
  });
  const { systemDb } = built.app;
  expect(await systemDb.runOriginalViews.where(stored({ tenantId, runId }))).toMatchObject([
    { viewerUserId: adminId },
  ]);
  expect(
    await systemDb.auditEntries.where({ ...stored({ tenantId }), action: 'hooks.readOriginals' }),
  ).toMatchObject([{ actorUserId: adminId, subjectUserId: pupilId, details: { runId } }]);
});

test('a module that answers in the place of the result holds it back', async () => {
  runs.stub.script({ kind: 'ok', text: '{"text": "a riddle", "points": 1}' });
  const { run, result, originals } = await fillIn('ponds');
  expect(run).toMatchObject({ status: 'blocked', errorMessage: 'Ask your teacher.' });
  expect(result.output).toBeNull();
  expect(originals).toMatchObject([{ module: 'form-filter', original: { text: 'a riddle', points: 1 } }]);
});

test('a result with what PostgreSQL cannot hold is stored with a sign in its place', async () => {
  runs.stub.script({ kind: 'ok', text: '{"text": "poi\\u0000son", "points": 1}' });
  const { run, result } = await fillIn('ponds');
  expect(run.status).toBe('completed');
  expect(result.output).toMatchObject({ text: 'poi\ufffdson' });
});

test('a module that leaves a result without its shape has not checked it', async () => {
  runs.stub.script({ kind: 'ok', text: '{"text": "break it", "points": 1}' });
  const { run, result } = await fillIn('ponds');
  expect(run).toMatchObject({ status: 'failed', errorCode: 'not_checked' });
  expect(result.output).toBeNull();
});

test('whoever looks at the ends of runs is told of those of forms, however they end', async () => {
  const { tenantId } = runs.school;
  const { systemDb } = runs.built.app;
  const module = 'watcher';
  await runs.setModule(module);
  runs.stub.script({ kind: 'ok', text: '{"text": "Why?", "points": 1}' });
  const [good, blocked] = [await fillIn('ponds'), await fillIn('the forbidden pond')];
  const told = async (runId: `run-${string}`) => {
    const said = await systemDb.hookVerdicts.where({ ...stored({ tenantId, runId }), module });
    return said.map(({ hook, audit }) => [hook, audit]);
  };
  await vi.waitFor(
    async () => {
      expect(await told(good.run.runId)).toEqual([['run:complete', { status: 'completed' }]]);
      expect(await told(blocked.run.runId)).toEqual([['run:complete', { status: 'blocked' }]]);
    },
    { timeout: 20_000, interval: 100 },
  );
});
