import {
  rosterDecision,
  rosterFeedScope,
  rosterRunStatus,
  rosterRunTrigger,
  rosterRunWork,
} from '@raptscallions/zod-schemas/roster.zod';
import { BaseTable, tenantWall } from '../../../db/base_table';
import { RosterSourceTable } from './roster_source.table';

/** One feed, from the moment it was asked for, with what came of it. */
export class RosterRunTable extends BaseTable {
  readonly table = 'roster_runs';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      rosterRunId: t.richId('rosterrun'),
      rosterSourceId: t.richId('rostersource'),
      status: t.zodEnum('roster_run_status', rosterRunStatus),
      /** what is being done about it right now; null: nothing */
      work: t.zodEnum('roster_run_work', rosterRunWork).nullable(),
      /** what is to be done about it next; null: somebody has to say */
      decision: t.zodEnum('roster_decision', rosterDecision).nullable(),
      trigger: t.zodEnum('roster_run_trigger', rosterRunTrigger).default('command'),
      scope: t.zodEnum('roster_feed_scope', rosterFeedScope).default('full'),
      rowsRead: t.integer().default(0),
      failure: t.text().nullable(),
      fileName: t.string(255).nullable(),
      fileHash: t.string(64).nullable(),
      counts: t.json<Record<string, number>>(),
      heldReasons: t.json<string[]>(),
      requestedByUserId: t.richId('user').nullable(),
      decidedByUserId: t.richId('user').nullable(),
      /** when reading began, by the database's clock: the next delta asks for what changed since */
      feedStartedAt: t.timestampNumber().nullable(),
      finishedAt: t.timestampNumber().nullable(),
      /** its operations are still there: to look at, to decide about, to take back */
      recordsKept: t.boolean().default(true),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'rosterRunId']),
      t.index(['tenantId', 'rosterSourceId', 'createdAt']),
      t.foreignKey(['tenantId', 'rosterSourceId'], () => RosterSourceTable, ['tenantId', 'rosterSourceId']),
    ],
  );
  rls = tenantWall('roster_runs');
}
