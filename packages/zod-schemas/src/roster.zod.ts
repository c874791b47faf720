import { z } from 'zod';
import { groupId } from './group.zod';
import { richId } from './rich_id';
import { timestampNumber } from './timestamp';

export const rosterSourceId = richId('rostersource');
export const rosterRunId = richId('rosterrun');

export const rosterSourceKind = z.enum(['csv', 'rest']);
export const rosterRunStatus = z.enum([
  'diffed',
  'held',
  'applied',
  'undone',
  'undo',
  'open',
  'failed',
  'discarded',
]);
export type RosterRunStatus = z.infer<typeof rosterRunStatus>;
export const rosterRunWork = z.enum(['waiting', 'reading', 'comparing', 'applying']);
/** `apply` stops at a brake; `approve` and `additions_only` are a person's word about a run that was read. */
export const rosterDecision = z.enum(['preview', 'apply', 'approve', 'additions_only', 'undo']);
export type RosterDecision = z.infer<typeof rosterDecision>;
export const rosterRunTrigger = z.enum(['upload', 'command', 'folder', 'schedule', 'hand']);
export const rosterFeedScope = z.enum(['full', 'delta']);

/** How a school system is asked. Addresses are checked again whenever they are connected to. */
export const RosterConnectionZod = z.object({
  version: z.enum(['1.1', '1.2']),
  auth: z.enum(['oauth1', 'oauth2']),
  /** up to and without `/ims/oneroster` */
  baseUrl: z.url({ protocol: /^https?$/ }).max(500),
  tokenUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .nullable(),
  clientId: z.string().trim().min(1).max(255),
});
export type RosterConnection = z.infer<typeof RosterConnectionZod>;

const name = z.string().trim().min(1).max(100);
const timeZone = z.string().max(64).refine(isTimeZone, 'must be a time zone such as Europe/Berlin');
const nightlyAt = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'must be a time such as 02:30');
const settingsShape = {
  name,
  timeZone,
  grantsAdmin: z.boolean(),
  matchesMasterIds: z.boolean(),
  endLimitPercent: z.int().min(0).max(100),
  scheduled: z.boolean(),
  nightlyAt,
  weeklyDay: z.int().min(0).max(6),
};

function isTimeZone(text: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: text }));
  } catch {
    return false;
  }
}

export const RosterSourceCreateInputZod = z.object({
  rosterSourceId,
  name,
  rootGroupId: groupId,
  timeZone: timeZone.default('UTC'),
  kind: rosterSourceKind.default('csv'),
  connection: RosterConnectionZod.nullable().default(null),
  /** what the school system calls client secret or consumer secret; it never comes back */
  secret: z.string().min(1).max(1_000).optional(),
});
export const RosterSourceUpdateInputZod = z.object({
  rosterSourceId,
  ...z.object(settingsShape).partial().shape,
  connection: RosterConnectionZod.optional(),
  secret: z.string().min(1).max(1_000).optional(),
});

export const RosterRunZod = z.object({
  __type: z.literal('RosterRun'),
  rosterRunId,
  rosterSourceId,
  status: rosterRunStatus,
  work: rosterRunWork.nullable(),
  decision: rosterDecision.nullable(),
  trigger: rosterRunTrigger,
  scope: rosterFeedScope,
  rowsRead: z.int(),
  /** why it failed, or why the last decision could not be carried out */
  failure: z.string().nullable(),
  fileName: z.string().nullable(),
  /** `rows`, `rejected`, `repeated`, `unchanged`, and operations by `entity.op` */
  counts: z.record(z.string(), z.number()),
  heldReasons: z.array(z.string()),
  issues: z.int(),
  requestedBy: z.string().nullable(),
  decidedBy: z.string().nullable(),
  createdAt: timestampNumber,
  finishedAt: timestampNumber.nullable(),
  /** its single records can still be looked at and taken back: those of the last applied run, and of a month */
  recordsKept: z.boolean(),
});
export type RosterRun = z.infer<typeof RosterRunZod>;

export const RosterSourceZod = z.object({
  __type: z.literal('RosterSource'),
  rosterSourceId,
  kind: rosterSourceKind,
  rootGroupId: groupId,
  ...settingsShape,
  connection: RosterConnectionZod.nullable(),
  hasSecret: z.boolean(),
  latestRun: RosterRunZod.nullable(),
});
export type RosterSource = z.infer<typeof RosterSourceZod>;

const cursorShape = { cursor: z.string().max(2_000) };
const limit = z.int().min(1).max(100);
/** null: this was the last page */
const nextCursor = z.string().nullable();

export const ListRosterSourcesInputZod = z.union([
  z.object(cursorShape),
  z.object({ limit: limit.default(50) }),
]);
export const RosterSourceListZod = z.object({
  __type: z.literal('RosterSourceList'),
  items: z.array(RosterSourceZod),
  cursor: nextCursor,
});

export const ListRosterRunsInputZod = z.union([
  z.object(cursorShape),
  z.object({ limit: limit.default(20), rosterSourceId }),
]);
export const RosterRunListZod = z.object({
  __type: z.literal('RosterRunList'),
  items: z.array(RosterRunZod),
  cursor: nextCursor,
});

export const RosterRunInputZod = z.object({ rosterRunId });

export const rosterEntity = z.enum(['org', 'session', 'course', 'class', 'user', 'role', 'enrollment']);
export type RosterEntity = z.infer<typeof rosterEntity>;
export const rosterOp = z.enum(['add', 'change', 'reactivate', 'end']);
export type RosterOp = z.infer<typeof rosterOp>;

export const ListRosterDiffsInputZod = z.union([
  z.object(cursorShape),
  z.object({ limit: limit.default(20), rosterRunId, entity: rosterEntity, op: rosterOp }),
]);
export const RosterDiffListZod = z.object({
  __type: z.literal('RosterDiffList'),
  items: z.array(
    z.object({
      sourcedId: z.string(),
      line: z.int().nullable(),
      before: z.record(z.string(), z.unknown()).nullable(),
      after: z.record(z.string(), z.unknown()).nullable(),
    }),
  ),
  cursor: nextCursor,
});
export type RosterDiff = z.infer<typeof RosterDiffListZod>['items'][number];

export const RosterSchoolsZod = z.object({
  __type: z.literal('RosterSchools'),
  /** the largest first, at most 200; `school` is null for what belongs to none */
  items: z.array(z.object({ school: z.string().nullable(), counts: z.record(z.string(), z.number()) })),
});

export const ListRosterIssuesInputZod = z.union([
  z.object(cursorShape),
  z.object({ limit: limit.default(50), rosterRunId }),
]);
export const RosterIssueListZod = z.object({
  __type: z.literal('RosterIssueList'),
  items: z.array(
    z.object({
      issueNumber: z.int(),
      fileName: z.string(),
      line: z.int().nullable(),
      field: z.string().nullable(),
      code: z.string(),
      rejected: z.boolean(),
      sentence: z.string(),
    }),
  ),
  cursor: nextCursor,
});
export const RosterIssueFileZod = z.object({ __type: z.literal('RosterIssueFile'), csv: z.string() });

/** An upload comes in parts of at most this many bytes, so that a slow line can go on where it was cut. */
export const rosterPartBytes = 4 * 1024 * 1024;
export const mostRosterParts = 256;
export const RosterUploadInputZod = z.object({
  rosterRunId,
  rosterSourceId,
  fileName: z.string().min(1).max(255),
});
export const RosterReadInputZod = z.object({
  rosterRunId,
  parts: z.int().min(1).max(mostRosterParts),
});
export const RosterDecideInputZod = z.object({
  rosterRunId,
  decision: z.enum(['approve', 'additions_only', 'discard', 'undo']),
});

export const RosterSourceInputZod = z.object({ rosterSourceId });
export const RosterFetchInputZod = z.object({
  rosterRunId,
  rosterSourceId,
  /** what has changed is asked for only where something was applied before */
  scope: rosterFeedScope.default('full'),
});
export const RosterConnectionTestZod = z.object({
  __type: z.literal('RosterConnectionTest'),
  works: z.boolean(),
  /** what to do, where it does not */
  sentence: z.string(),
});
