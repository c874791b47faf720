import 'fake-indexeddb/auto';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { SyncRow } from '@raptscallions/zod-schemas/sync_table';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deleteLocalDb, type LocalDb, openLocalDb } from '../../local_db/local_db';
import { readPupilWork } from '../assignments/assignment.queries';
import { readNeeds } from './need.queries';

const now = new Date(2026, 10, 17, 10, 0).getTime();
const hour = 3_600_000;
const stamps = { createdAt: now - 90 * hour, updatedAt: now - 90 * hour, $rev: 1, $scopes: ['s'] };
const [pupil, classId, toolId, toolVersionId] = [
  newId('user'),
  newId('class'),
  newId('tool'),
  newId('toolversion'),
];
let db: LocalDb;

beforeEach(async () => {
  db = openLocalDb(pupil);
  await db.users.put({ userId: pupil, name: 'Theo Lindqvist', status: 'active', ...stamps });
  await db.classes.put({ classId, groupId: newId('group'), name: '8B', subject: null, ...stamps });
  await db.classMembers.put({
    classMemberId: newId('classmember'),
    classId,
    userId: pupil,
    role: 'student',
    ...stamps,
  });
});
afterEach(async () => {
  db.close();
  await deleteLocalDb(pupil);
});

async function assign(title: string, dueAt: number | null) {
  const assignmentId = newId('assignment');
  await db.assignments.put({
    assignmentId,
    classId,
    toolId,
    toolVersionId,
    title,
    dueAt,
    instructions: null,
    assignedByUserId: null,
    ...stamps,
  });
  return assignmentId;
}

async function chat(assignmentId: `assignment-${string}`, changes: Partial<SyncRow<'chatSessions'>> = {}) {
  const chatSessionId = newId('chat');
  await db.chatSessions.put({
    chatSessionId,
    userId: pupil,
    toolId,
    toolVersionId,
    assignmentId,
    classId,
    status: 'active',
    messageCount: 2,
    lastMessageAt: now - hour,
    pausedByUserId: null,
    completedAt: null,
    hiddenAt: null,
    ...stamps,
    ...changes,
  });
  return chatSessionId;
}

async function run(chatSessionId: `chat-${string}`, status: 'failed' | 'completed', createdAt: number) {
  await db.runs.put({
    runId: newId('run'),
    kind: 'chat',
    chatSessionId,
    messageId: null,
    answerMessageId: null,
    userId: pupil,
    classId,
    toolVersionId,
    status,
    attempt: 1,
    continues: false,
    notice: null,
    errorCode: null,
    errorMessage: 'The model took longer than 2 minutes.',
    startedAt: createdAt,
    finishedAt: createdAt,
    ...stamps,
    createdAt,
  });
}

describe('what needs a teacher', () => {
  it('begins with a question that went unanswered', async () => {
    const session = await chat(await assign('Recap', now + 3 * hour));
    await run(session, 'failed', now - hour);
    const needs = await readNeeds(db, [classId], now);
    expect(needs.map((need) => need.kind)).toEqual(['failed', 'due', 'today']);
    expect(needs[0]).toMatchObject({ pupil: 'Theo Lindqvist', className: '8B' });
  });
  it('leaves out a failure that was followed by an answer', async () => {
    const session = await chat(await assign('Recap', null));
    await run(session, 'failed', now - 2 * hour);
    await run(session, 'completed', now - hour);
    expect((await readNeeds(db, [classId], now)).map((need) => need.kind)).toEqual(['today']);
  });
  it('names a class that was given nothing', async () => {
    expect(await readNeeds(db, [classId], now)).toMatchObject([{ kind: 'unassigned', className: '8B' }]);
  });
});

describe('a pupil’s work', () => {
  it('stands by due date, without a date last, and finished things at the end', async () => {
    await assign('no date', null);
    await assign('later', now + 50 * hour);
    await assign('sooner', now + hour);
    await chat(await assign('done', now - hour), { status: 'completed', completedAt: now });
    const work = await readPupilWork(db, pupil);
    expect(work.map((entry) => entry.assignment.title)).toEqual(['sooner', 'later', 'no date', 'done']);
    expect(work.map((entry) => entry.state)).toEqual(['new', 'new', 'new', 'done']);
  });
  it('is started with the first message, and begins anew when the chat was put away', async () => {
    const assignmentId = await assign('Recap', null);
    await chat(assignmentId, { messageCount: 0 });
    expect((await readPupilWork(db, pupil))[0]?.state).toBe('new');
    await db.chatSessions.toCollection().modify({ messageCount: 1 });
    expect((await readPupilWork(db, pupil))[0]?.state).toBe('started');
    await db.chatSessions.toCollection().modify({ hiddenAt: now });
    expect((await readPupilWork(db, pupil))[0]?.state).toBe('new');
  });
});

it('what a module noted needs a teacher until one has seen it, alerts before all else', async () => {
  const chatSessionId = await chat(await assign('Leaves', null));
  const place = {
    chatSessionId,
    runId: null,
    messageId: null,
    userId: pupil,
    classId,
    module: 'struggle-detector',
  };
  const note = async (severity: 'info' | 'attention' | 'alert', label: string, createdAt: number) => {
    const messageNoteId = newId('note');
    const said = { kind: 'struggle', severity, label, data: {} };
    const unseen = { acknowledgedAt: null, acknowledgedByUserId: null };
    await db.messageNotes.put({ messageNoteId, ...place, ...said, ...unseen, ...stamps, createdAt });
    return messageNoteId;
  };
  await note('info', 'asks about leaves', now - hour);
  await note('alert', 'an old alert', now - 15 * 24 * hour);
  const noted = async () => {
    const needs = await readNeeds(db, [classId], now);
    return needs.flatMap((need) => (need.kind === 'noted' ? [need.notes.map(({ label }) => label)] : []));
  };
  expect(await noted()).toEqual([]);
  await note('attention', 'is stuck', now - hour);
  const alert = await note('alert', 'may be in danger', now - 2 * hour);
  expect(await noted()).toEqual([['may be in danger', 'is stuck']]);
  expect((await readNeeds(db, [classId], now))[0]?.kind).toBe('noted');
  await db.messageNotes.update(alert, { acknowledgedAt: now, acknowledgedByUserId: pupil });
  expect(await noted()).toEqual([['is stuck']]);
});

it('what was noted of a form needs a teacher too, also of one that only its author has', async () => {
  const [runId, heldRunId] = [newId('run'), newId('run')];
  const note = async (ofRun: typeof runId, label: string) => {
    const about = { chatSessionId: null, runId: ofRun, messageId: null, userId: pupil, classId };
    const said = { module: 'safety-filter', kind: 'self_harm', severity: 'alert' as const, label, data: {} };
    const unseen = { acknowledgedAt: null, acknowledgedByUserId: null };
    const moment = { ...stamps, createdAt: now - hour };
    await db.messageNotes.put({ messageNoteId: newId('note'), ...about, ...said, ...unseen, ...moment });
  };
  await note(runId, 'shown');
  await note(heldRunId, 'held');
  const filled = { userId: pupil, classId, assignmentId: null, toolId, toolVersionId, input: {} };
  const result = { output: null, provider: null, repaired: false, hiddenAt: null };
  await db.productResults.put({ runId, ...filled, ...result, ...stamps });
  const needs = (await readNeeds(db, [classId], now)).filter((need) => need.kind === 'noted');
  expect(needs).toHaveLength(2);
  expect(needs.find(({ notes }) => notes[0].label === 'shown')).toMatchObject({
    chat: null,
    form: { runId },
    pupil: 'Theo Lindqvist',
    className: '8B',
  });
  expect(needs.find(({ notes }) => notes[0].label === 'held')).toMatchObject({ chat: null, form: null });
});
