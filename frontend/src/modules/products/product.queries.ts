import type { JsonSchema } from '@raptscallions/tool-yaml/check_value';
import type { Assignment, AssignmentId } from '@raptscallions/zod-schemas/assignment.zod';
import type { Run } from '@raptscallions/zod-schemas/chat.zod';
import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import type { ProductResult } from '@raptscallions/zod-schemas/product.zod';
import type { ToolVersion } from '@raptscallions/zod-schemas/tool.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { LocalDb } from '../../local_db/local_db';
import { asSchema } from './form_field';

type ToolVersionId = ToolVersion['toolVersionId'];
/** What a form is for: a pupil's assignment, or a version its author tries. */
export type FormTopic = { assignmentId: AssignmentId } | { toolVersionId: ToolVersionId };

/** One result with the run that makes it; without a run it has only been written down. */
export type ResultEntry = { result: ProductResult; run: Run | null };

export type FormSetting = {
  /** null: an author's trial */
  assignment: Assignment | null;
  version: ToolVersion;
  schema: JsonSchema | null;
  teachers: string[];
  /** one's own, the newest first */
  results: ResultEntry[];
};

/** A schema out of its column; null when there is none, or it is not readable. */
export function schemaOf(text: string | null): JsonSchema | null {
  if (text === null) return null;
  try {
    return asSchema(JSON.parse(text));
  } catch {
    return null;
  }
}

async function withRuns(db: LocalDb, results: ProductResult[]): Promise<ResultEntry[]> {
  const runs = await db.runs.bulkGet(results.map(({ runId }) => runId));
  return results
    .map((result, at) => ({ result, run: runs[at] ?? null }))
    .sort((a, b) => b.result.createdAt - a.result.createdAt || (a.result.runId < b.result.runId ? 1 : -1));
}

/** Everything around a form; null when this device does not have it (yet). */
export async function readFormSetting(
  db: LocalDb,
  topic: FormTopic,
  userId: UserId,
): Promise<FormSetting | null> {
  const assignment =
    'assignmentId' in topic ? ((await db.assignments.get(topic.assignmentId)) ?? null) : null;
  if ('assignmentId' in topic && !assignment) return null;
  const versionId = assignment?.toolVersionId ?? ('toolVersionId' in topic ? topic.toolVersionId : null);
  const version = versionId ? await db.toolVersions.get(versionId) : undefined;
  if (version?.kind !== 'product') return null;
  const mine = await db.productResults.where('userId').equals(userId).toArray();
  const results = mine.filter(
    (row) =>
      row.hiddenAt === null &&
      (assignment
        ? row.assignmentId === assignment.assignmentId
        : row.assignmentId === null && row.toolVersionId === version.toolVersionId),
  );
  const members = assignment
    ? await db.classMembers.where('classId').equals(assignment.classId).toArray()
    : [];
  const teachers = await db.users.bulkGet(
    members.filter(({ role }) => role === 'teacher').map((member) => member.userId),
  );
  return {
    assignment,
    version,
    schema: schemaOf(version.inputSchema),
    teachers: teachers.flatMap((user) => (user ? [user.name] : [])).sort((a, b) => a.localeCompare(b)),
    results: await withRuns(db, results),
  };
}

export type ResultSetting = ResultEntry & {
  assignment: Assignment | null;
  version: ToolVersion | null;
  person: string;
  className: string | null;
};

async function describe(db: LocalDb, entries: ResultEntry[]): Promise<ResultSetting[]> {
  const one = <T>(
    table: { bulkGet(keys: string[]): PromiseLike<(T | undefined)[]> },
    ids: (string | null)[],
  ) => table.bulkGet(ids.map((id) => id ?? ''));
  const [assignments, versions, users, classes] = await Promise.all([
    one(
      db.assignments,
      entries.map(({ result }) => result.assignmentId),
    ),
    one(
      db.toolVersions,
      entries.map(({ result }) => result.toolVersionId),
    ),
    one(
      db.users,
      entries.map(({ result }) => result.userId),
    ),
    one(
      db.classes,
      entries.map(({ result }) => result.classId),
    ),
  ]);
  return entries.map((entry, at) => ({
    ...entry,
    assignment: assignments[at] ?? null,
    version: versions[at] ?? null,
    person: users[at]?.name ?? 'A former pupil',
    className: classes[at]?.name ?? null,
  }));
}

/** One result and what stands around it; null when this device does not have it. */
export async function readResult(db: LocalDb, runId: ProductResult['runId']): Promise<ResultSetting | null> {
  const result = await db.productResults.get(runId);
  if (!result) return null;
  const [setting] = await describe(db, await withRuns(db, [result]));
  return setting ?? null;
}

/** The results of the classes `userId` teaches, the newest first; of one class or assignment where it is given. */
export async function readClassResults(
  db: LocalDb,
  userId: UserId,
  { classId, assignmentId }: { classId?: ClassId; assignmentId?: AssignmentId },
): Promise<ResultSetting[]> {
  const memberships = await db.classMembers.where('userId').equals(userId).toArray();
  const taught = memberships
    .filter((member) => member.role === 'teacher' && (classId === undefined || member.classId === classId))
    .map((member) => member.classId);
  const rows = await db.productResults.where('classId').anyOf(taught).toArray();
  const wanted = rows.filter((row) => assignmentId === undefined || row.assignmentId === assignmentId);
  return describe(db, await withRuns(db, wanted));
}
