import { call } from '@orpc/server';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { stored } from '../../db/stored_id';
import { createPracticeModel } from '../../lib/ai_gateway/practice_model/create_practice_model';
import { buildSystemPrompt } from '../../lib/ai_gateway/prompt_sections';
import type { RequestContext } from '../../procedures/context';
import { userAppRouter } from '../../routers/user_app.router';
import { buildRuns } from '../../test/build_runs';
import { performRunTask } from '../runs/runs.event';

let runs: Awaited<ReturnType<typeof buildRuns>>;
let pupil: RequestContext;
let assignmentId: `assignment-${string}`;
let toolVersionId: `toolversion-${string}`;
beforeAll(async () => {
  runs = await buildRuns();
  const { school, built } = runs;
  const { tenantId } = school;
  const teacher = await school.addPerson('teacher');
  const pupilId = await school.addPerson('student');
  const classId = await school.addClass(teacher, [pupilId]);
  const form = await school.addProduct(teacher);
  toolVersionId = form.toolVersionId;
  assignmentId = newId('assignment');
  await built.app.systemDb.assignments.create({ tenantId, assignmentId, classId, ...form, title: 'Quiz' });
  pupil = built.as(pupilId, tenantId);
});
afterAll(() => runs.close());

const settles = { timeout: 15_000, interval: 30 };
const good = '{"text": "Why are leaves green?", "points": 3}';
let before = 0;
beforeEach(() => {
  before = runs.stub.requests.length;
});

async function fillIn(input: Record<string, string>, runId = newId('run')) {
  await call(userAppRouter.products.run, { runId, assignmentId, toolVersionId, input }, { context: pupil });
  return runId;
}

async function read(runId: `run-${string}`) {
  const { systemDb } = runs.built.app;
  const ids = stored({ tenantId: runs.school.tenantId, runId });
  return { run: await systemDb.runs.findBy(ids), result: await systemDb.productResults.findBy(ids) };
}

async function ended(runId: `run-${string}`) {
  await vi.waitFor(
    async () => expect((await read(runId)).run.status).not.toMatch(/pending|processing/),
    settles,
  );
  return read(runId);
}
const asked = () => runs.stub.requests.slice(before).map(({ body }) => body.messages);

test('what is filled in becomes a result of the right shape, and teachers see it', async () => {
  runs.stub.script({ kind: 'ok', text: good, usage: { promptTokens: 50, completionTokens: 9 } });
  const { run, result } = await ended(await fillIn({ topic: 'leaves' }));
  expect(run).toMatchObject({ status: 'completed', kind: 'product', promptTokens: 50 });
  expect(result).toMatchObject({
    output: { text: 'Why are leaves green?', points: 3 },
    repaired: false,
    provider: 'gateway',
    shownToStaff: true,
  });
  const [[system, user] = []] = asked();
  expect(system?.content).toContain('Make one question.');
  expect(system?.content).toContain('"Never tell the answer."');
  expect(user?.content).toContain('"topic": "leaves"');
});

test('an id that comes again makes no second run', async () => {
  runs.stub.script({ kind: 'ok', text: good });
  const runId = await fillIn({ topic: 'leaves' });
  await fillIn({ topic: 'leaves' }, runId);
  await ended(runId);
  await fillIn({ topic: 'leaves' }, runId);
  expect(asked()).toHaveLength(1);
});

test.each([
  ['a field that is missing', {}, 'topic: This is needed.'],
  ['a field too many', { topic: 'x', evil: 'y' }, 'evil: “evil” is not one of the fields.'],
  ['a choice there is none of', { topic: 'x', level: 'mild' }, 'level: Choose one of “easy”, “hard”.'],
])('%s is refused with its place, and nothing is asked', async (_, input, message) => {
  await expect(fillIn(input)).rejects.toMatchObject({ code: 'BAD_REQUEST', message });
  expect(asked()).toEqual([]);
});

test.each([
  ['in a fence', `Here you are:\n\`\`\`json\n${good}\n\`\`\`\nHave fun!`],
  ['between words', `Of course! ${good} I hope it helps.`],
])('a result %s is found', async (_, text) => {
  runs.stub.script({ kind: 'ok', text });
  const { result } = await ended(await fillIn({ topic: 'leaves' }));
  expect(result).toMatchObject({ output: { points: 3 }, repaired: false });
  expect(asked()).toHaveLength(1);
});

test('a result that does not fit goes back once with what is wrong, both calls are paid, and it is marked', async () => {
  const usage = { promptTokens: 10, completionTokens: 5 };
  runs.stub.script(
    { kind: 'ok', text: '{"text": "Why?", "points": 9}', usage },
    { kind: 'ok', text: good, usage },
  );
  const { run, result } = await ended(await fillIn({ topic: 'leaves' }));
  expect(run).toMatchObject({ status: 'completed', promptTokens: 20, completionTokens: 10 });
  expect(result).toMatchObject({ output: { points: 3 }, repaired: true });
  const repair = asked()[1];
  expect(repair?.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
  expect(repair?.at(-1)?.content).toContain('points: This must be at most 5.');
});

test('one that does not fit after that fails with the reason, and may be asked for again', async () => {
  runs.stub.script({ kind: 'ok', text: 'Sure!' }, { kind: 'ok', text: '{"text": 1, "points": 2}' });
  const runId = await fillIn({ topic: 'leaves' });
  const { run, result } = await ended(runId);
  expect(run).toMatchObject({ status: 'failed', errorCode: 'invalid_output' });
  expect(run.errorMessage).toContain('text: This must be text.');
  expect(result.output).toBeNull();
  expect(asked()).toHaveLength(2);
  runs.stub.script({ kind: 'ok', text: good });
  await call(userAppRouter.products.retry, { runId }, { context: pupil });
  expect((await ended(runId)).result.output).toMatchObject({ points: 3 });
});

test('a gateway that fails in the repair fails the run, and the first call is paid', async () => {
  runs.stub.script(
    { kind: 'ok', text: 'Sure!', usage: { promptTokens: 10, completionTokens: 5 } },
    { kind: 'wrong_key' },
  );
  const { run } = await ended(await fillIn({ topic: 'leaves' }));
  expect(run).toMatchObject({ status: 'failed', errorCode: 'authentication', promptTokens: 10 });
});

test('a stop ends the call to the gateway', async () => {
  runs.stub.script({ kind: 'hang' });
  const runId = await fillIn({ topic: 'leaves' });
  await vi.waitFor(() => expect(asked()).toHaveLength(1), settles);
  const request = runs.stub.requests.at(-1);
  await call(userAppRouter.products.stop, { runId }, { context: pupil });
  expect((await ended(runId)).run.status).toBe('cancelled');
  expect(await request?.ended).not.toBe('finished');
});

test('a run of which nothing is left to answer fails, and is not given out again and again', async () => {
  const { systemDb } = runs.built.app;
  const { tenantId } = runs.school;
  const runId = newId('run');
  const { userId } = await systemDb.runs.where(stored({ tenantId })).take();
  await systemDb.runs.create({ tenantId, runId, userId, kind: 'product', toolVersionId });
  await runs.built.app.enqueue(performRunTask, { tenantId, runId });
  await vi.waitFor(async () => {
    const run = await systemDb.runs.findBy(stored({ tenantId, runId }));
    expect(run).toMatchObject({ status: 'failed', errorCode: 'general' });
  }, settles);
  expect(await systemDb.runLeases.where(stored({ tenantId, runId })).count()).toBe(0);
});

test('pupils are sent the form and the shape of the result, and nothing that was written for the AI', async () => {
  const version = await runs.built.app.systemDb.toolVersions.findBy(
    stored({ tenantId: runs.school.tenantId, toolVersionId }),
  );
  expect(version.inputSchema).toContain('maxLength');
  expect(version.outputSchema).toContain('Question');
  expect(version.outputSchema).not.toContain('Never tell');
});

test('the practice model fills in any shape, and says in words that it is a rehearsal', async () => {
  const schema = {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 3 },
      when: { type: 'string', format: 'date' },
      parts: {
        type: 'array',
        minItems: 3,
        items: { type: 'object', properties: { n: { type: 'integer' } } },
      },
      level: { enum: ['easy', 'hard'] },
    },
  };
  const content = buildSystemPrompt({
    toolName: 'T',
    behavior: 'B',
    constraints: {},
    outputSchema: JSON.stringify(schema),
  });
  const messages = [
    { role: 'system' as const, content },
    { role: 'user' as const, content: '{}' },
  ];
  const { text } = await createPracticeModel({ wordMs: 0 }).complete({
    messages,
    signal: new AbortController().signal,
  });
  expect(JSON.parse(text)).toEqual({
    name: 'Practice text for “name”: a rehearsal, not a real AI.',
    when: '2026-01-01',
    parts: [{ n: 1 }, { n: 1 }, { n: 1 }],
    level: 'easy',
  });
});
