import type { ChatSession, Run } from '@raptscallions/zod-schemas/chat.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { describe, expect, it } from 'vitest';
import type { SessionEntry } from './chat.queries';
import { chooseSession } from './choose_session';
import { describeSession, idleAfterMs } from './describe_session';
import { countStates, filterSessions } from './filter_sessions';
import { listNames } from './list_names';

const now = 100 * idleAfterMs;

function session(more: Partial<ChatSession> = {}): ChatSession {
  return {
    chatSessionId: newId('chat'),
    userId: newId('user'),
    toolId: newId('tool'),
    toolVersionId: newId('toolversion'),
    assignmentId: null,
    classId: null,
    status: 'active',
    messageCount: 2,
    lastMessageAt: now - 1_000,
    pausedByUserId: null,
    completedAt: null,
    hiddenAt: null,
    createdAt: 1,
    updatedAt: 1,
    ...more,
  };
}

function run(status: Run['status']): Run {
  return {
    runId: newId('run'),
    kind: 'chat',
    chatSessionId: null,
    messageId: null,
    answerMessageId: null,
    userId: newId('user'),
    classId: null,
    toolVersionId: newId('toolversion'),
    status,
    attempt: 1,
    continues: false,
    notice: null,
    errorCode: null,
    errorMessage: null,
    startedAt: null,
    finishedAt: null,
    createdAt: 1,
    updatedAt: 1,
  };
}

function entry(
  pupil: string,
  more: Partial<ChatSession> = {},
  status: Run['status'] = 'completed',
): SessionEntry {
  return {
    session: session(more),
    pupil,
    title: 'Completing the square',
    toolName: 'Sparring Partner',
    className: '9A',
    lastMessage: null,
    lastRun: run(status),
  };
}

describe('describeSession', () => {
  it.each([
    ['failed', {}, 'failed'],
    ['writing', {}, 'processing'],
    ['writing', {}, 'pending'],
    ['active', {}, 'completed'],
    ['idle', { lastMessageAt: now - idleAfterMs - 1 }, 'completed'],
    ['completed', { status: 'completed' }, 'completed'],
    ['completed', { status: 'completed' }, 'failed'],
  ] as const)('says %s', (state, more, status) => {
    expect(describeSession(session(more), run(status), now)).toBe(state);
  });
});

describe('filterSessions', () => {
  const entries = [
    entry('Finn O’Connell', { lastMessageAt: now - 5_000 }),
    entry('Mateo Álvarez', { lastMessageAt: now - 9_000 }, 'failed'),
    entry('Zoë Müller', { lastMessageAt: now - 2_000 }, 'processing'),
    entry('Amira Osei', { status: 'completed', lastMessageAt: now - 1_000 }),
  ];
  const names = (words: string, state: Parameters<typeof filterSessions>[1]['state'] = 'all') =>
    filterSessions(entries, { words, state, now }).map((line) => line.entry.pupil);

  it('puts whoever waits in vain first, then whoever wrote last', () => {
    expect(names('')).toEqual(['Mateo Álvarez', 'Amira Osei', 'Zoë Müller', 'Finn O’Connell']);
  });

  it('finds names by the beginnings of their parts, without accents', () => {
    expect(names('conn fi')).toEqual(['Finn O’Connell']);
    expect(names('muller')).toEqual(['Zoë Müller']);
    expect(names('alv')).toEqual(['Mateo Álvarez']);
    expect(names('nobody')).toEqual([]);
  });

  it('counts those being answered among the active ones', () => {
    expect(names('', 'active')).toEqual(['Zoë Müller', 'Finn O’Connell']);
    expect(countStates(filterSessions(entries, { words: '', state: 'all', now }))).toEqual({
      all: 4,
      failed: 1,
      active: 2,
      idle: 0,
      completed: 1,
    });
  });
});

describe('chooseSession', () => {
  const done = session({ status: 'completed' });
  const open = session();
  const older = session();

  it('resumes the newest that is open, though a finished one is newer', () => {
    expect(chooseSession([done, open, older], null)).toBe(open);
  });

  it('shows the newest finished one when none is open, and nothing when asked to start again', () => {
    expect(chooseSession([done], null)).toBe(done);
    expect(chooseSession([done], 'new')).toBeNull();
    expect(chooseSession([], null)).toBeNull();
  });

  it('stays with the one that was chosen, also when it is completed meanwhile', () => {
    expect(chooseSession([open, done], done.chatSessionId)).toBe(done);
  });
});

describe('listNames', () => {
  it('leaves nobody out', () => {
    expect(listNames([])).toBe('');
    expect(listNames(['Ada'])).toBe('Ada');
    expect(listNames(['Ada', 'Ben'])).toBe('Ada and Ben');
    expect(listNames(['Ada', 'Ben', 'Cleo'])).toBe('Ada, Ben and Cleo');
  });
});
