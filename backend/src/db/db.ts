import { EventEmitter } from 'node:events';
import { orchidORM } from 'orchid-orm/node-postgres';
import { keepAlive } from '../lib/keep_alive';
import { AssignmentTable } from '../modules/assignments/tables/assignment.table';
import { AuditEntryTable } from '../modules/audit/tables/audit_entry.table';
import { AuthAccountTable } from '../modules/auth/tables/auth_account.table';
import { AuthSessionTable } from '../modules/auth/tables/auth_session.table';
import { AuthUserTable } from '../modules/auth/tables/auth_user.table';
import { AuthVerificationTable } from '../modules/auth/tables/auth_verification.table';
import { SignInLinkTable } from '../modules/auth/tables/sign_in_link.table';
import { ChatSessionTable } from '../modules/chat/tables/chat_session.table';
import { MessageTable } from '../modules/chat/tables/message.table';
import { TranscriptViewTable } from '../modules/chat/tables/transcript_view.table';
import { ClassTable } from '../modules/classes/tables/class.table';
import { ClassMemberTable } from '../modules/classes/tables/class_member.table';
import { GroupTable } from '../modules/groups/tables/group.table';
import { GroupMemberTable } from '../modules/groups/tables/group_member.table';
import { HookModuleTable } from '../modules/hooks/tables/hook_module.table';
import { HookVerdictTable } from '../modules/hooks/tables/hook_verdict.table';
import { MessageNoteTable } from '../modules/hooks/tables/message_note.table';
import { ModuleSettingTable } from '../modules/hooks/tables/module_setting.table';
import { RunOriginalTable } from '../modules/hooks/tables/run_original.table';
import { RunOriginalViewTable } from '../modules/hooks/tables/run_original_view.table';
import { RateLimitTable } from '../modules/limits/tables/rate_limit.table';
import { CronSlotTable } from '../modules/logs/tables/cron_slot.table';
import { PgTbusTaskLogTable } from '../modules/logs/tables/pg_tbus_task_log.table';
import { NotificationTable } from '../modules/notifications/tables/notification.table';
import { ErasureTable } from '../modules/privacy/tables/erasure.table';
import { ProductResultTable } from '../modules/products/tables/product_result.table';
import { ProductViewTable } from '../modules/products/tables/product_view.table';
import { ExternalRefTable } from '../modules/rosters/tables/external_ref.table';
import { RosterDiffTable } from '../modules/rosters/tables/roster_diff.table';
import { RosterIssueTable } from '../modules/rosters/tables/roster_issue.table';
import { RosterPackageTable } from '../modules/rosters/tables/roster_package.table';
import { RosterRunTable } from '../modules/rosters/tables/roster_run.table';
import { RosterSourceTable } from '../modules/rosters/tables/roster_source.table';
import { RunTable } from '../modules/runs/tables/run.table';
import { RunChunkTable } from '../modules/runs/tables/run_chunk.table';
import { RunLeaseTable } from '../modules/runs/tables/run_lease.table';
import { RunPromptTable } from '../modules/runs/tables/run_prompt.table';
import { RunPromptViewTable } from '../modules/runs/tables/run_prompt_view.table';
import { SyncClientTable } from '../modules/sync/tables/sync_client.table';
import { SyncEntryTable } from '../modules/sync/tables/sync_entry.table';
import { SyncEpochTable } from '../modules/sync/tables/sync_epoch.table';
import { SyncMarkTable } from '../modules/sync/tables/sync_mark.table';
import { SyncRefusalTable } from '../modules/sync/tables/sync_refusal.table';
import { RetiredSchoolCodeTable } from '../modules/tenants/tables/retired_school_code.table';
import { TenantTable } from '../modules/tenants/tables/tenant.table';
import { ToolTable } from '../modules/tools/tables/tool.table';
import { ToolSourceTable } from '../modules/tools/tables/tool_source.table';
import { ToolVersionTable } from '../modules/tools/tables/tool_version.table';
import { ModelPriceTable } from '../modules/usage/tables/model_price.table';
import { UsageCounterTable } from '../modules/usage/tables/usage_counter.table';
import { UsageEntryTable } from '../modules/usage/tables/usage_entry.table';
import { UsageLimitTable } from '../modules/usage/tables/usage_limit.table';
import { UserTable } from '../modules/users/tables/user.table';
import { UserContactTable } from '../modules/users/tables/user_contact.table';
import { appRole, systemRole } from './base_table';
import { PipeliningClient } from './pipelining_client';
import { PreparingClient } from './prepared_sql';
import { TenantClient } from './read_tenant';

/** Every table of the database, under the name the code and the sync protocol use. */
const tables = {
  tenants: TenantTable,
  retiredSchoolCodes: RetiredSchoolCodeTable,
  users: UserTable,
  userContacts: UserContactTable,
  groups: GroupTable,
  groupMembers: GroupMemberTable,
  classes: ClassTable,
  classMembers: ClassMemberTable,
  tools: ToolTable,
  toolVersions: ToolVersionTable,
  toolSources: ToolSourceTable,
  assignments: AssignmentTable,
  chatSessions: ChatSessionTable,
  messages: MessageTable,
  transcriptViews: TranscriptViewTable,
  runs: RunTable,
  runChunks: RunChunkTable,
  runLeases: RunLeaseTable,
  runPrompts: RunPromptTable,
  runPromptViews: RunPromptViewTable,
  hookModules: HookModuleTable,
  moduleSettings: ModuleSettingTable,
  hookVerdicts: HookVerdictTable,
  runOriginals: RunOriginalTable,
  runOriginalViews: RunOriginalViewTable,
  messageNotes: MessageNoteTable,
  productResults: ProductResultTable,
  productViews: ProductViewTable,
  usageEntries: UsageEntryTable,
  usageLimits: UsageLimitTable,
  usageCounters: UsageCounterTable,
  modelPrices: ModelPriceTable,
  syncEntries: SyncEntryTable,
  syncClients: SyncClientTable,
  syncRefusals: SyncRefusalTable,
  syncEpoch: SyncEpochTable,
  syncMarks: SyncMarkTable,
  notifications: NotificationTable,
  rosterSources: RosterSourceTable,
  rosterRuns: RosterRunTable,
  rosterDiffs: RosterDiffTable,
  rosterIssues: RosterIssueTable,
  rosterPackages: RosterPackageTable,
  externalRefs: ExternalRefTable,
  auditEntries: AuditEntryTable,
  erasures: ErasureTable,
  taskLog: PgTbusTaskLogTable,
  cronSlots: CronSlotTable,
  rateLimits: RateLimitTable,
  authUsers: AuthUserTable,
  authSessions: AuthSessionTable,
  authAccounts: AuthAccountTable,
  authVerifications: AuthVerificationTable,
  signInLinks: SignInLinkTable,
} as const;

/** Extensions the embedded server or a host may have installed besides; we do not depend on them. */
const preinstalled = ['pgcrypto', 'citext', 'pg_trgm', 'btree_gist', 'plpgsql', 'pg_stat_statements'];

/**
 * For statements that find a handful of entries and go to each row by its key. The planner cannot know how few there
 * are: left to itself it would plan for a third of all entries, anew each time, and read whole tables for them.
 */
export const fewRowsSettings =
  '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off';

/**
 * How long a statement may go without an answer before its server counts as lost, in milliseconds: longer than any
 * may take that somebody waits for, and than what a task or the clock does.
 */
const lostMs = 10 * 60_000;
/** The same where the database itself stops what takes long: so much longer, and it would have said so. */
const overdueMs = 5_000;

/** What the database is told about a connection of each kind. */
const connections = {
  app: { options: `-c role=${appRole}`, Client: PipeliningClient },
  read: { options: `-c role=${appRole} -c default_transaction_read_only=on`, Client: TenantClient },
  system: { options: `-c role=${systemRole}`, Client: PreparingClient },
  catchUp: {
    options: `-c role=${appRole} -c default_transaction_read_only=on ${fewRowsSettings}`,
    Client: TenantClient,
  },
};

/**
 * A pool whose every connection acts as `kind` says: `app` sees the tenant it has entered and nothing else,
 * `read` and `catchUp` the one of `readTenant` and write nothing, `system` sees all and is for the few services that must
 * (sign-in, queue, tailer, cron, seed).
 * @param statementMs after which the database stops any statement, in milliseconds; without it none is stopped
 */
export function connectDb(
  databaseUrl: string,
  kind: keyof typeof connections,
  poolSize: number,
  statementMs?: number,
) {
  const { options, Client } = connections[kind];
  const db = orchidORM(
    {
      databaseURL: databaseUrl,
      max: poolSize,
      Client,
      options: statementMs === undefined ? options : `${options} -c statement_timeout=${statementMs}`,
      query_timeout: statementMs === undefined ? lostMs : statementMs + overdueMs,
      ...keepAlive,
      application_name: `raptscallions-${kind}`,
      connectionTimeoutMillis: 5_000,
      log: false,
      extensions: ['ltree'],
      // What the queue, the migrations and the extensions keep for themselves.
      generatorIgnore: { schemas: ['tbus', 'sync'], extensions: preinstalled },
    },
    tables,
  );
  // A connection that dies, in the pool or in somebody's hands, fails the query that needs it; without
  // these listeners it would end the process.
  const adapter = db.$adapterNotInTransaction;
  if ('pool' in adapter && adapter.pool instanceof EventEmitter) {
    const { pool } = adapter;
    pool.on('error', () => {});
    pool.on('connect', (client: EventEmitter) => client.on('error', () => {}));
  }
  return db;
}

export type Db = ReturnType<typeof connectDb>;
