import { idFromUuid, type RichId } from '@raptscallions/zod-schemas/rich_id';
import {
  type ListRosterRunsInputZod,
  type RosterRun,
  type RosterRunListZod,
  rosterRunId,
  rosterSourceId,
} from '@raptscallions/zod-schemas/roster.zod';
import { z } from 'zod';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import { decodeListCursor, encodeListCursor } from '../../../lib/list_cursor';
import type { ReadContext } from '../../../procedures/context';
import { type RunRow, runColumns, runFromRow } from '../roster_run_rows';
import { withRosterRunById, withSourceById } from './with_roster_rights.service';

const PlaceZod = z.object({
  limit: z.int().min(1).max(100),
  rosterSourceId,
  after: z.tuple([z.string().max(40), rosterRunId]).optional(),
});

/** The history of a source, the newest first. @throws AppError NOT_FOUND */
export async function listRosterRuns(
  ctx: ReadContext,
  input: z.output<typeof ListRosterRunsInputZod>,
): Promise<z.output<typeof RosterRunListZod>> {
  const { dbRO, tenantId, actor } = ctx;
  const { limit, rosterSourceId, after } = decodeListCursor(PlaceZod, input);
  await withSourceById({ db: dbRO, tenantId, actor }, rosterSourceId);
  const rows = await runSql<RunRow>(
    dbRO,
    `select ${runColumns} from roster_runs r where r.tenant_id = $1 and r.roster_source_id = $2
      and ($3::timestamptz is null or (r.created_at, r.roster_run_id) < ($3, $4::uuid))
    order by r.created_at desc, r.roster_run_id desc limit $5`,
    [
      storedId(tenantId),
      storedId(rosterSourceId),
      after?.[0] ?? null,
      after ? storedId(after[1]) : null,
      limit + 1,
    ],
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    __type: 'RosterRunList',
    items: shown.map(runFromRow),
    cursor:
      rows.length > limit && last
        ? encodeListCursor({
            limit,
            rosterSourceId,
            after: [last.made, idFromUuid('rosterrun', last.runUuid)],
          })
        : null,
  };
}

/** One run as it is now, also while it is being worked on. @throws AppError NOT_FOUND */
export async function readRosterRun(ctx: ReadContext, id: RichId<'rosterrun'>): Promise<RosterRun> {
  const { dbRO, tenantId, actor } = ctx;
  await withRosterRunById({ db: dbRO, tenantId, actor }, id);
  const [row] = await runSql<RunRow>(
    dbRO,
    `select ${runColumns} from roster_runs r where r.tenant_id = $1 and r.roster_run_id = $2`,
    [storedId(tenantId), storedId(id)],
  );
  if (!row) throw new AppError('NOT_FOUND');
  return runFromRow(row);
}
