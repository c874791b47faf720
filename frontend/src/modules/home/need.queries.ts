import type { ChatSession } from '@raptscallions/zod-schemas/chat.zod';
import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import type { MessageNote } from '@raptscallions/zod-schemas/hook.zod';
import type { ProductResult } from '@raptscallions/zod-schemas/product.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { daysFromNow } from '../../components/format_moment';
import type { LocalDb } from '../../local_db/local_db';

/** A reason for a teacher to look, the most pressing kind first. */
export type Need =
  | {
      kind: 'noted';
      key: string;
      chat: ChatSession | null;
      /** both null: a form that was held back, which only its author has */
      form: ProductResult | null;
      pupil: string;
      className: string;
      /** of one chat or form, the most pressing first; none has been acknowledged */
      notes: [MessageNote, ...MessageNote[]];
    }
  | {
      kind: 'failed';
      key: string;
      session: ChatSession;
      pupil: string;
      className: string;
      reason: string | null;
      at: number;
    }
  | {
      kind: 'due';
      key: string;
      classId: ClassId;
      className: string;
      title: string;
      dueAt: number;
      started: number;
      pupils: number;
    }
  | {
      kind: 'today';
      key: string;
      classId: ClassId;
      className: string;
      chats: number;
      pupil: string;
      at: number;
    }
  | { kind: 'unassigned'; key: string; classId: ClassId; className: string };

const urgencies = { failed: 1, due: 3, today: 4, unassigned: 5 } as const;

function urgencyOf(need: Need): number {
  if (need.kind === 'noted') return need.notes[0].severity === 'alert' ? 0 : 2;
  return urgencies[need.kind];
}

const notedWithinMs = 14 * 86_400_000;

/** What a teacher of `classIds` should see first; at most five. */
export async function readNeeds(db: LocalDb, classIds: readonly ClassId[], now: number): Promise<Need[]> {
  const [classes, sessions, members, assignments, users] = await Promise.all([
    db.classes.bulkGet([...classIds]),
    db.chatSessions.where('classId').anyOf(classIds).toArray(),
    db.classMembers.where('classId').anyOf(classIds).toArray(),
    db.assignments.where('classId').anyOf(classIds).toArray(),
    db.users.toArray(),
  ]);
  const userName = new Map(users.map((user) => [user.userId, user.name]));
  const nameOf = (userId: UserId) => userName.get(userId) ?? 'A pupil';
  const className = new Map(classes.flatMap((row) => (row ? [[row.classId, row.name]] : [])));
  const failed = await readFailed(db, sessions, className, nameOf, now);
  const noted = await readNoted(db, sessions, className, nameOf, now);
  const rest = classes.flatMap((row): Need[] => {
    if (!row) return [];
    const { classId, name: className } = row;
    const given = assignments.filter((assignment) => assignment.classId === classId);
    const pupils = members.filter((member) => member.classId === classId && member.role === 'student').length;
    const chats = sessions
      .filter((session) => session.classId === classId && daysFromNow(session.lastMessageAt ?? 0, now) === 0)
      .sort((a, b) => (b.lastMessageAt ?? 0) - (a.lastMessageAt ?? 0));
    const latest = chats[0];
    return [
      ...given
        .filter(({ dueAt }) => dueAt !== null && dueAt >= now && daysFromNow(dueAt, now) <= 1)
        .map((assignment): Need => {
          const started = new Set(
            sessions
              .filter(
                (session) => session.assignmentId === assignment.assignmentId && session.messageCount > 0,
              )
              .map((session) => session.userId),
          ).size;
          const key = `due ${assignment.assignmentId}`;
          const { title, dueAt } = assignment;
          return { kind: 'due', key, classId, className, title, dueAt: dueAt ?? 0, started, pupils };
        }),
      ...(latest
        ? [
            {
              kind: 'today' as const,
              key: `today ${classId}`,
              classId,
              className,
              chats: chats.length,
              pupil: nameOf(latest.userId),
              at: latest.lastMessageAt ?? 0,
            },
          ]
        : []),
      ...(given.length === 0
        ? [{ kind: 'unassigned' as const, key: `none ${classId}`, classId, className }]
        : []),
    ];
  });
  return [...noted, ...failed, ...rest].sort((a, b) => urgencyOf(a) - urgencyOf(b)).slice(0, 5);
}

/** Chats and forms in which modules noted what calls for a teacher and none has said that they have seen it, newest first. */
async function readNoted(
  db: LocalDb,
  sessions: readonly ChatSession[],
  className: ReadonlyMap<ClassId, string>,
  nameOf: (userId: UserId) => string,
  now: number,
): Promise<Need[]> {
  const open = await db.messageNotes
    .where('classId')
    .anyOf([...className.keys()])
    .filter(
      ({ severity, acknowledgedAt, createdAt }) =>
        severity !== 'info' && acknowledgedAt === null && now - createdAt < notedWithinMs,
    )
    .toArray();
  open.sort((a, b) => b.createdAt - a.createdAt);
  const byPlace = new Map<string, MessageNote[]>();
  for (const note of open) {
    const place = note.chatSessionId ?? note.runId ?? '';
    byPlace.set(place, [...(byPlace.get(place) ?? []), note]);
  }
  const chats = new Map<string, ChatSession>(sessions.map((session) => [session.chatSessionId, session]));
  const forms = await db.productResults.bulkGet([...byPlace.keys()]);
  return [...byPlace].flatMap(([place, notes], at): Need[] => {
    const [first, ...others] = [
      ...notes.filter(({ severity }) => severity === 'alert'),
      ...notes.filter(({ severity }) => severity !== 'alert'),
    ];
    if (!first) return [];
    const chat = chats.get(place) ?? null;
    if (first.chatSessionId && !chat) return [];
    return [
      {
        kind: 'noted',
        key: `noted ${place}`,
        chat,
        form: forms[at] ?? null,
        pupil: nameOf(first.userId),
        className: (first.classId && className.get(first.classId)) ?? '',
        notes: [first, ...others],
      },
    ];
  });
}

/** Sessions whose newest question of the last week went unanswered. */
async function readFailed(
  db: LocalDb,
  sessions: readonly ChatSession[],
  className: ReadonlyMap<ClassId, string>,
  nameOf: (userId: UserId) => string,
  now: number,
): Promise<Need[]> {
  const runs = await db.runs.where('status').equals('failed').toArray();
  const recent = runs.filter((run) => now - run.createdAt < 7 * 86_400_000);
  const needs = await Promise.all(
    recent.map(async (run): Promise<Need[]> => {
      const session = sessions.find((row) => row.chatSessionId === run.chatSessionId);
      if (!session) return [];
      const later = await db.runs
        .where('chatSessionId')
        .equals(session.chatSessionId)
        .filter((other) => other.createdAt > run.createdAt)
        .count();
      if (later > 0) return [];
      return [
        {
          kind: 'failed',
          key: `failed ${run.runId}`,
          session,
          pupil: nameOf(session.userId),
          className: (session.classId && className.get(session.classId)) ?? '',
          reason: run.errorMessage,
          at: run.finishedAt ?? run.createdAt,
        },
      ];
    }),
  );
  return needs.flat();
}
