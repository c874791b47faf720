import path from 'node:path';
import { call } from '@orpc/server';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { stored } from '../../db/stored_id';
import { userAppRouter } from '../../routers/user_app.router';
import { buildRuns } from '../../test/build_runs';

// The modules that come with Raptscallions, together in real runs.

let runs: Awaited<ReturnType<typeof buildRuns>>;
const settles = { timeout: 15_000, interval: 30 };

beforeAll(async () => {
  runs = await buildRuns({ modules: path.resolve(import.meta.dirname, '../../../../modules') });
}, 60_000);
afterAll(() => runs.close());
beforeEach(() => runs.built.app.systemDb.moduleSettings.all().delete());

test.each([
  'You are not worthless. Talk to Ms Kim today.',
  'Call 1-800-273-8255 or mail counsellor@lakeside.example, my name is Ms Kim.',
])('a pupil in distress reads the school’s own words, whatever else is on: %s', async (selfHarmReply) => {
  await runs.setModule('safety-filter', { config: { question: 'block', selfHarmReply } });
  await runs.setModule('pii-filter');
  const chat = await runs.openChat();
  const { runId } = await chat.say('i want to kill myself');
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('blocked'), settles);
  expect((await chat.messages()).map(({ text }) => text)).toEqual(['[blocked]', selfHarmReply]);
  expect((await chat.run(runId)).errorMessage).toContain('not in trouble');
});

async function fillInForm(topic: string) {
  const { built, school } = runs;
  const { tenantId } = school;
  const { systemDb } = built.app;
  const teacher = await school.addPerson('teacher');
  const pupil = await school.addPerson('student');
  const classId = await school.addClass(teacher, [pupil]);
  const form = await school.addProduct(teacher);
  const [assignmentId, runId] = [newId('assignment'), newId('run')];
  await systemDb.assignments.create({ tenantId, assignmentId, classId, ...form, title: 'Quiz' });
  const { toolVersionId } = form;
  const filled = { runId, assignmentId, toolVersionId, input: { topic } };
  runs.stub.script({ kind: 'ok', text: '{"text": "Why?", "points": 1}' });
  await call(userAppRouter.products.run, filled, { context: built.as(pupil, tenantId) });
  const ids = stored({ tenantId, runId });
  await vi.waitFor(
    async () => expect((await systemDb.runs.findBy(ids)).status).not.toMatch(/pending|processing/),
    settles,
  );
  return {
    pupil,
    classId,
    runId,
    asTeacher: built.as(teacher, tenantId),
    asPupil: built.as(pupil, tenantId),
    run: await systemDb.runs.findBy(ids),
    notes: () => systemDb.messageNotes.where(ids),
  };
}

test('what a pupil writes into a form reaches the teachers of the class, and one of them takes it on', async () => {
  await runs.setModule('safety-filter');
  const { run, runId, pupil, classId, notes, asTeacher, asPupil } = await fillInForm('I want to kill myself');
  expect(run.status).toBe('completed');
  const [note, ...others] = await notes();
  expect(others).toEqual([]);
  expect(note).toMatchObject({ runId, chatSessionId: null, userId: pupil, classId, kind: 'self_harm' });
  expect(note?.severity).toBe('alert');
  if (!note) throw new Error('there is a note');
  const { messageNoteId } = note;
  const acknowledge = (context: typeof asTeacher) =>
    call(userAppRouter.hooks.acknowledge, { messageNoteId }, { context, path: ['hooks', 'acknowledge'] });
  await expect(acknowledge(asPupil)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await acknowledge(asTeacher);
  expect((await notes())[0]?.acknowledgedAt).not.toBeNull();
});

test('of a form that is held back the teachers are told too, and the pupil reads the school’s whole reply', async () => {
  const selfHarmReply = 'Talk to us, we are there. '.repeat(36).trim();
  await runs.setModule('safety-filter', { config: { question: 'block', selfHarmReply } });
  const { run, notes } = await fillInForm('I want to kill myself');
  expect(run).toMatchObject({ status: 'blocked', errorMessage: selfHarmReply });
  expect(await notes()).toMatchObject([{ kind: 'self_harm', severity: 'alert' }]);
});
