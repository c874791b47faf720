import type { Assignment } from '@raptscallions/zod-schemas/assignment.zod';
import type { ChatSession } from '@raptscallions/zod-schemas/chat.zod';
import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import type { ProductResult } from '@raptscallions/zod-schemas/product.zod';
import type { Tool, ToolVersion } from '@raptscallions/zod-schemas/tool.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { LocalDb } from '../../local_db/local_db';

export type WorkState = 'new' | 'started' | 'done';

/** One thing a pupil was given, with how far they are. */
export type PupilWork = {
  assignment: Assignment;
  className: string;
  toolName: string;
  teacherName: string | null;
  session: ChatSession | null;
  state: WorkState;
};

function stateOf(session: ChatSession | null): WorkState {
  if (!session || session.messageCount === 0) return 'new';
  return session.status === 'completed' ? 'done' : 'started';
}

/** How far a pupil is with forms: one that has a result is done. */
function readMade(results: ProductResult[]): Map<string, WorkState> {
  const made = new Map<string, WorkState>();
  for (const { assignmentId, output, hiddenAt } of results) {
    if (!assignmentId || hiddenAt !== null || made.get(assignmentId) === 'done') continue;
    made.set(assignmentId, output ? 'done' : 'started');
  }
  return made;
}

/** Everything the pupil was given: open work by due date (none last), then what is done, newest first. */
export async function readPupilWork(db: LocalDb, userId: UserId): Promise<PupilWork[]> {
  const memberships = await db.classMembers.where('userId').equals(userId).toArray();
  const classIds = memberships.filter((member) => member.role === 'student').map((member) => member.classId);
  const [assignments, classes, sessions, versions, users, results] = await Promise.all([
    db.assignments.where('classId').anyOf(classIds).toArray(),
    db.classes.bulkGet(classIds),
    db.chatSessions.where('userId').equals(userId).toArray(),
    db.toolVersions.toArray(),
    db.users.toArray(),
    db.productResults.where('userId').equals(userId).toArray(),
  ]);
  const made = readMade(results);
  const className = new Map(classes.flatMap((row) => (row ? [[row.classId, row.name]] : [])));
  const toolName = new Map(versions.map((row) => [row.toolVersionId, row.name]));
  const userName = new Map(users.map((row) => [row.userId, row.name]));
  const work = assignments.map((assignment): PupilWork => {
    // an attempt put away and begun anew: the newest one counts
    const session =
      sessions
        .filter((row) => row.assignmentId === assignment.assignmentId && row.hiddenAt === null)
        .sort((a, b) => b.createdAt - a.createdAt)[0] ?? null;
    return {
      assignment,
      className: className.get(assignment.classId) ?? '',
      toolName: toolName.get(assignment.toolVersionId) ?? '',
      teacherName: assignment.assignedByUserId ? (userName.get(assignment.assignedByUserId) ?? null) : null,
      session,
      state: made.get(assignment.assignmentId) ?? stateOf(session),
    };
  });
  return work.sort((a, b) => {
    if ((a.state === 'done') !== (b.state === 'done')) return a.state === 'done' ? 1 : -1;
    if (a.state === 'done') return (b.session?.completedAt ?? 0) - (a.session?.completedAt ?? 0);
    return (a.assignment.dueAt ?? Number.MAX_SAFE_INTEGER) - (b.assignment.dueAt ?? Number.MAX_SAFE_INTEGER);
  });
}

export type ToolChoice = { tool: Tool; version: ToolVersion };

/** Published tools, which are the ones a class can be given; the newest first. */
export async function readToolChoices(db: LocalDb): Promise<ToolChoice[]> {
  const [tools, versions] = await Promise.all([db.tools.toArray(), db.toolVersions.toArray()]);
  const byId = new Map(versions.map((version) => [version.toolVersionId, version]));
  return tools
    .flatMap((tool): ToolChoice[] => {
      const version = tool.publishedToolVersionId ? byId.get(tool.publishedToolVersionId) : undefined;
      return version ? [{ tool, version }] : [];
    })
    .sort((a, b) => (b.version.publishedAt ?? 0) - (a.version.publishedAt ?? 0));
}

/** Classes the person teaches, or all of them for administrators, by name. */
export async function readClassChoices(db: LocalDb, classIds: readonly ClassId[] | null) {
  const classes = classIds
    ? (await db.classes.bulkGet([...classIds])).flatMap((row) => (row ? [row] : []))
    : await db.classes.toArray();
  return classes.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}
