import 'fake-indexeddb/auto';
import type { EditArgs, EditName } from '@raptscallions/zod-schemas/edit.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deleteLocalDb, type LocalDb, openLocalDb } from '../../local_db/local_db';
import { addEdit, removeEdit, replaceEdit } from '../../sync/outbox';
import { relayOverlay } from '../../sync/overlay';
import { chatEdits } from './chat.edits';
import { readSessionBoard, readSetting, readThread } from './chat.queries';

const edits = new Map(chatEdits.map((edit) => [edit.name, edit]));
const ids = {
  pupil: newId('user'),
  teacher: newId('user'),
  classId: newId('class'),
  toolId: newId('tool'),
  toolVersionId: newId('toolversion'),
  assignmentId: newId('assignment'),
  chatSessionId: newId('chat'),
};
const stored = { createdAt: 1, updatedAt: 1, $rev: 1, $scopes: ['s'] };
let db: LocalDb;
let clock = 1_000;

const make = <N extends EditName>(name: N, args: EditArgs<N>) =>
  addEdit(db, edits, { name, args, now: clock++ });
const { assignmentId, toolVersionId, chatSessionId } = ids;
const start = () => make('chat.start', { chatSessionId, assignmentId, toolVersionId });
const send = async (text: string) => {
  const args = {
    chatSessionId,
    messageId: newId('message'),
    runId: newId('run'),
    answerMessageId: newId('message'),
    text,
  };
  await make('chat.send', args);
  return args;
};

beforeEach(async () => {
  db = openLocalDb(ids.pupil);
  await db.users.bulkPut([
    { userId: ids.pupil, name: 'Amara Nwosu', status: 'active', ...stored },
    { userId: ids.teacher, name: 'Dan Pruitt', status: 'active', ...stored },
  ]);
  await db.classes.put({
    classId: ids.classId,
    groupId: newId('group'),
    name: '9A',
    subject: null,
    ...stored,
  });
  await db.classMembers.bulkPut([
    {
      classMemberId: newId('classmember'),
      classId: ids.classId,
      userId: ids.pupil,
      role: 'student',
      ...stored,
    },
    {
      classMemberId: newId('classmember'),
      classId: ids.classId,
      userId: ids.teacher,
      role: 'teacher',
      ...stored,
    },
  ]);
  await db.toolVersions.put({
    toolVersionId,
    toolId: ids.toolId,
    groupId: null,
    ownerUserId: null,
    name: 'Sparring Partner',
    slug: 'sparring-partner',
    version: '1.0.0',
    kind: 'chat',
    status: 'published',
    description: null,
    subject: null,
    inputSchema: null,
    outputSchema: null,
    maxMessages: 40,
    publishedAt: 1,
    ...stored,
  });
  await db.assignments.put({
    assignmentId,
    classId: ids.classId,
    toolId: ids.toolId,
    toolVersionId,
    title: 'Completing the square',
    instructions: null,
    dueAt: null,
    assignedByUserId: ids.teacher,
    ...stored,
  });
});

afterEach(async () => {
  db.close();
  await deleteLocalDb(ids.pupil);
});

describe('chat edits, before the server has said anything', () => {
  it('start a session of the class of the assignment', async () => {
    await start();
    const setting = await readSetting(db, { assignmentId }, ids.pupil);
    expect(setting?.sessions).toMatchObject([{ chatSessionId, classId: ids.classId, status: 'active' }]);
    expect(setting).toMatchObject({ setBy: 'Dan Pruitt', teachers: ['Dan Pruitt'] });
  });

  it('give each question its place and leave one free for its answer', async () => {
    await start();
    await send(' one ');
    await send('two');
    const { messages, runs } = await readThread(db, chatSessionId);
    expect(messages.map(({ seq, text }) => [seq, text])).toEqual([
      [1, 'one'],
      [3, 'two'],
    ]);
    expect(runs.map((run) => run.status)).toEqual(['pending', 'pending']);
    expect(await db.chatSessions.get(chatSessionId)).toMatchObject({
      messageCount: 2,
      lastMessageAt: clock - 1,
    });
  });

  it('move behind rows that another device wrote meanwhile', async () => {
    await start();
    await send('mine');
    await db.messages.put({
      messageId: newId('message'),
      chatSessionId,
      userId: ids.pupil,
      classId: ids.classId,
      runId: null,
      seq: 1,
      role: 'user',
      text: 'from the phone',
      outcome: 'complete',
      meta: {},
      replacedAt: null,
      ...stored,
    });
    await db.transaction('rw', db.tables, async () => {
      await relayOverlay(db, edits);
    });
    const { messages } = await readThread(db, chatSessionId);
    expect(messages.map(({ seq, text }) => [seq, text])).toEqual([
      [1, 'from the phone'],
      [3, 'mine'],
    ]);
  });

  it('change and take back a message that still waits', async () => {
    await start();
    await send('one');
    const two = await send('two');
    const [, first, second] = await db.outbox.orderBy('mid').toArray();
    expect(await replaceEdit(db, edits, second?.mid ?? 0, { ...two, text: 'two, better' })).toBe(true);
    expect(await removeEdit(db, edits, first?.mid ?? 0)).toBe(true);
    const { messages, runs } = await readThread(db, chatSessionId);
    expect(messages.map(({ seq, text }) => [seq, text])).toEqual([[1, 'two, better']]);
    expect(runs).toHaveLength(1);
  });

  it('refuse an empty message and one that is too long', async () => {
    await start();
    await expect(send('   ')).rejects.toThrow('Write something first');
    await expect(send('x'.repeat(8_001))).rejects.toThrow();
    expect(await db.outbox.count()).toBe(1);
  });

  it('let a failed run wait again, and leave one alone that is under way', async () => {
    await start();
    const { runId } = await send('one');
    await db.runs.update(runId, { status: 'failed', errorMessage: 'too slow' });
    await make('chat.retry', { runId });
    expect(await db.runs.get(runId)).toMatchObject({ status: 'pending', errorMessage: null });
    await db.runs.update(runId, { status: 'processing' });
    await make('chat.retry', { runId });
    expect(await db.runs.get(runId)).toMatchObject({ status: 'processing' });
  });

  it('finish a session and put it away', async () => {
    await start();
    await make('chat.complete', { chatSessionId });
    expect(await db.chatSessions.get(chatSessionId)).toMatchObject({ status: 'completed' });
    await make('chat.hide', { chatSessionId, hidden: true });
    expect((await readSetting(db, { assignmentId }, ids.pupil))?.sessions).toEqual([]);
    await make('chat.hide', { chatSessionId, hidden: false });
    expect((await readSetting(db, { assignmentId }, ids.pupil))?.sessions).toHaveLength(1);
  });

  it('queue the record of a view and show nothing of it', async () => {
    await make('chat.recordView', { transcriptViewId: newId('view'), chatSessionId, viewedAt: 5 });
    expect(await db.outbox.toArray()).toMatchObject([{ name: 'chat.recordView' }]);
    expect(await db.shadows.count()).toBe(0);
  });
});

describe('the board of a teacher', () => {
  it('holds the sessions of taught classes with their last line and last run', async () => {
    await start();
    await send('one');
    await send('two');
    const board = await readSessionBoard(db, ids.teacher, null);
    expect(board.classes).toEqual([{ classId: ids.classId, name: '9A' }]);
    expect(board.entries).toMatchObject([
      { pupil: 'Amara Nwosu', title: 'Completing the square', lastMessage: { text: 'two' } },
    ]);
    expect(board.entries[0]?.lastRun?.createdAt).toBe(clock - 1);
    expect((await readSessionBoard(db, ids.pupil, null)).entries).toEqual([]);
    expect((await readSessionBoard(db, ids.teacher, newId('class'))).entries).toEqual([]);
  });
});
