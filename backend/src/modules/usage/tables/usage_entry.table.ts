import { BaseTable, tenantWall } from '../../../db/base_table';

/** A counter an entry was added to, so that its settlement finds it whatever has changed meanwhile. */
export type CountedIn = { group_id: string; period: string; starts_at: string };

/**
 * One attempt at a run and what it cost: reserved when it begins, settled once when it ends, in the same
 * transactions as the run. The ledger: reports are sums over it, and counters can be made from it anew.
 */
export class UsageEntryTable extends BaseTable {
  readonly table = 'usage_entries';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      runId: t.richId('run'),
      attempt: t.integer(),
      userId: t.richId('user'),
      /** of the class; for a trial, of the tool, or else of the person */
      groupId: t.richId('group').nullable(),
      classId: t.richId('class').nullable(),
      toolId: t.richId('tool'),
      toolVersionId: t.richId('toolversion'),
      assignmentId: t.richId('assignment').nullable(),
      provider: t.string(20),
      /** as it was asked for, then as the gateway said */
      model: t.string(200),
      reservedTokens: t.integer(),
      reservedMicros: t.bigint(),
      counted: t.json<CountedIn[]>(),
      promptTokens: t.integer().default(0),
      completionTokens: t.integer().default(0),
      costMicros: t.bigint().default('0'),
      settledAt: t.timestampNumber().nullable(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'runId', 'attempt']),
      t.index(['tenantId', 'createdAt']),
      t.index(['createdAt'], { name: 'usage_entries_open_idx', where: 'settled_at is null' }),
    ],
  );
  rls = tenantWall('usage_entries');
}
