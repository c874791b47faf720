import type { Assignment, AssignmentId } from '@raptscallions/zod-schemas/assignment.zod';
import type { ChatSession, ChatSessionId, Message, Run } from '@raptscallions/zod-schemas/chat.zod';
import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import type { ToolVersion } from '@raptscallions/zod-schemas/tool.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import Dexie from 'dexie';
import type { LocalDb } from '../../local_db/local_db';

export type ToolVersionId = ToolVersion['toolVersionId'];

/** What a chat is about: a pupil's assignment, or a version its author tries. */
export type ChatTopic = { assignmentId: AssignmentId } | { toolVersionId: ToolVersionId };

export type ChatSetting = {
  /** null: an author's trial */
  assignment: Assignment | null;
  toolVersion: ToolVersion;
  setBy: string | null;
  teachers: string[];
  /** one's own on this topic that were not put away, newest first */
  sessions: ChatSession[];
};

/** Everything around a conversation; null when this device does not have it (yet). */
export async function readSetting(
  db: LocalDb,
  topic: ChatTopic,
  userId: UserId,
): Promise<ChatSetting | null> {
  const assignment =
    'assignmentId' in topic ? ((await db.assignments.get(topic.assignmentId)) ?? null) : null;
  if ('assignmentId' in topic && !assignment) return null;
  const versionId = assignment?.toolVersionId ?? ('toolVersionId' in topic ? topic.toolVersionId : null);
  const toolVersion = versionId ? await db.toolVersions.get(versionId) : undefined;
  if (!toolVersion) return null;
  const sessions = await db.chatSessions
    .where('userId')
    .equals(userId)
    .filter(
      (session) =>
        session.hiddenAt === null &&
        (assignment
          ? session.assignmentId === assignment.assignmentId
          : session.assignmentId === null && session.toolVersionId === toolVersion.toolVersionId),
    )
    .toArray();
  const setter = assignment?.assignedByUserId ? await db.users.get(assignment.assignedByUserId) : undefined;
  return {
    assignment,
    toolVersion,
    setBy: setter?.name ?? null,
    teachers: assignment ? await readTeachers(db, assignment.classId) : [],
    sessions: sessions.sort(
      (a, b) => b.createdAt - a.createdAt || (a.chatSessionId < b.chatSessionId ? 1 : -1),
    ),
  };
}

/** Names of the people who teach a class, in order. */
async function readTeachers(db: LocalDb, classId: ClassId): Promise<string[]> {
  const members = await db.classMembers.where('classId').equals(classId).toArray();
  const ids = members.filter((member) => member.role === 'teacher').map((member) => member.userId);
  const users = await db.users.bulkGet(ids);
  return users.flatMap((user) => (user ? [user.name] : [])).sort((a, b) => a.localeCompare(b));
}

type ThreadRows = { messages: Message[]; runs: Run[] };

/** A conversation as it stands on this device, messages in the order of their places. */
export async function readThread(db: LocalDb, chatSessionId: ChatSessionId): Promise<ThreadRows> {
  const [messages, runs] = await Promise.all([
    messagesOf(db, chatSessionId).toArray(),
    db.runs.where('chatSessionId').equals(chatSessionId).toArray(),
  ]);
  return { messages, runs };
}

function messagesOf(db: LocalDb, chatSessionId: ChatSessionId) {
  return db.messages
    .where('[chatSessionId+seq]')
    .between([chatSessionId, Dexie.minKey], [chatSessionId, Dexie.maxKey]);
}

/** The place the next question takes: the last question keeps the place behind it for its answer. */
export async function readNextSeq(db: LocalDb, chatSessionId: ChatSessionId): Promise<number> {
  const last = await messagesOf(db, chatSessionId).last();
  if (!last) return 1;
  return last.role === 'user' ? last.seq + 2 : last.seq + 1;
}

export type SessionEntry = {
  session: ChatSession;
  pupil: string;
  title: string;
  toolName: string;
  className: string;
  /** the newest message, null before the first */
  lastMessage: Pick<Message, 'role' | 'text'> | null;
  /** the newest run: it tells whether somebody waits for an answer */
  lastRun: Run | null;
};

type SessionBoard = { classes: { classId: ClassId; name: string }[]; entries: SessionEntry[] };

/** The sessions of the classes `userId` teaches, newest first; only of `classId` where it is given. */
export async function readSessionBoard(
  db: LocalDb,
  userId: UserId,
  classId: ClassId | null,
): Promise<SessionBoard> {
  const memberships = await db.classMembers.where('userId').equals(userId).toArray();
  const taught = memberships.filter((member) => member.role === 'teacher').map((member) => member.classId);
  const classes = (await db.classes.bulkGet(taught))
    .flatMap((row) => (row ? [{ classId: row.classId, name: row.name }] : []))
    .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  const wanted = classes.map((row) => row.classId).filter((id) => classId === null || id === classId);
  const sessions = await db.chatSessions.where('classId').anyOf(wanted).toArray();
  return { classes, entries: await describeSessions(db, sessions) };
}

/** In one transaction: thousands of looks, each of which would otherwise begin one of its own. */
function describeSessions(db: LocalDb, sessions: ChatSession[]): Promise<SessionEntry[]> {
  return db.transaction('r', db.tables, async () => describeInOne(db, sessions));
}

async function describeInOne(db: LocalDb, sessions: ChatSession[]): Promise<SessionEntry[]> {
  const ids = sessions.map((session) => session.chatSessionId);
  const [pupils, assignments, versions, classes, runs, lastMessages] = await Promise.all([
    byKey(
      db.users,
      sessions.map((session) => session.userId),
    ),
    byKey(
      db.assignments,
      sessions.map((session) => session.assignmentId),
    ),
    byKey(
      db.toolVersions,
      sessions.map((session) => session.toolVersionId),
    ),
    byKey(
      db.classes,
      sessions.map((session) => session.classId),
    ),
    db.runs.where('chatSessionId').anyOf(ids).toArray(),
    Promise.all(ids.map((id) => messagesOf(db, id).last())),
  ]);
  const lastRuns = new Map<string, Run>();
  for (const run of runs) {
    const known = lastRuns.get(run.chatSessionId ?? '');
    if (!known || isNewer(run, known)) lastRuns.set(run.chatSessionId ?? '', run);
  }
  return sessions.map((session, at) => {
    const version = versions.get(session.toolVersionId);
    return {
      session,
      pupil: pupils.get(session.userId)?.name ?? 'A former pupil',
      title: assignments.get(session.assignmentId ?? '')?.title ?? version?.name ?? 'A tool that was removed',
      toolName: version?.name ?? 'A tool that was removed',
      className: classes.get(session.classId ?? '')?.name ?? '',
      lastMessage: lastMessages[at] ?? null,
      lastRun: lastRuns.get(session.chatSessionId) ?? null,
    };
  });
}

/** Ids are in the order they were made, which settles two of the same millisecond. */
function isNewer(a: Run, b: Run): boolean {
  return a.createdAt === b.createdAt ? a.runId > b.runId : a.createdAt > b.createdAt;
}

async function byKey<Id extends string, Row>(
  table: { bulkGet(keys: Id[]): PromiseLike<(Row | undefined)[]> },
  ids: (Id | null)[],
): Promise<Map<string, Row>> {
  const keys = [...new Set(ids.filter((id) => id !== null))];
  const rows = await table.bulkGet(keys);
  return new Map(keys.flatMap((key, at): [string, Row][] => (rows[at] ? [[key, rows[at]]] : [])));
}

export type TranscriptSetting = SessionEntry & {
  teachers: string[];
  /** sessions on the same assignment, one per pupil (the newest), by name: for stepping through a class */
  neighbours: { chatSessionId: ChatSessionId; userId: UserId; pupil: string }[];
};

/** A session and what stands around it; null when this device does not have it. */
export async function readTranscriptSetting(
  db: LocalDb,
  chatSessionId: ChatSessionId,
): Promise<TranscriptSetting | null> {
  const session = await db.chatSessions.get(chatSessionId);
  if (!session) return null;
  const [entry] = await describeSessions(db, [session]);
  if (!entry) return null;
  return {
    ...entry,
    teachers: session.classId ? await readTeachers(db, session.classId) : [],
    neighbours: await readNeighbours(db, session),
  };
}

async function readNeighbours(db: LocalDb, session: ChatSession): Promise<TranscriptSetting['neighbours']> {
  if (!session.assignmentId) return [];
  const sessions = await db.chatSessions.where('assignmentId').equals(session.assignmentId).toArray();
  const newest = new Map<UserId, ChatSession>();
  for (const other of sessions) {
    const known = newest.get(other.userId);
    if (!known || other.createdAt > known.createdAt) newest.set(other.userId, other);
  }
  // The open one stands for its pupil, also when it is an older one.
  newest.set(session.userId, session);
  const names = await byKey(db.users, [...newest.keys()]);
  return [...newest.values()]
    .map(({ chatSessionId, userId }) => ({
      chatSessionId,
      userId,
      pupil: names.get(userId)?.name ?? 'A former pupil',
    }))
    .sort((a, b) => a.pupil.localeCompare(b.pupil) || (a.userId < b.userId ? -1 : 1));
}
