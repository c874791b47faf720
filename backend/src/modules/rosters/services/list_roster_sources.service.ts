import type { ListRosterSourcesInputZod, RosterSourceListZod } from '@raptscallions/zod-schemas/roster.zod';
import { z } from 'zod';
import { runSql } from '../../../db/run_sql';
import { stored, storedId, storedIds } from '../../../db/stored_id';
import { decodeListCursor, encodeListCursor } from '../../../lib/list_cursor';
import type { ReadContext } from '../../../procedures/context';
import { type RunRow, runColumns, runFromRow } from '../roster_run_rows';

const PlaceZod = z.object({ limit: z.int().min(1).max(100), after: z.string().max(100).optional() });

/** The sources an administrator looks after, by name, each with its newest run; never with its secret. */
export async function listRosterSources(
  { dbRO, tenantId, actor }: ReadContext,
  input: z.output<typeof ListRosterSourcesInputZod>,
): Promise<z.output<typeof RosterSourceListZod>> {
  const { limit, after } = decodeListCursor(PlaceZod, input);
  let query = dbRO.rosterSources
    .where({ ...stored({ tenantId }), rootGroupId: { in: storedIds(actor.adminGroupIds) } })
    .order('name')
    .limit(limit + 1);
  if (after !== undefined) query = query.where({ name: { gt: after } });
  const rows = await query;
  const shown = rows.slice(0, limit);
  const latest = await runSql<RunRow>(
    dbRO,
    `select distinct on (r.roster_source_id) ${runColumns} from roster_runs r
    where r.tenant_id = $1 and r.roster_source_id = any ($2::uuid[])
    order by r.roster_source_id, r.created_at desc, r.roster_run_id desc`,
    [storedId(tenantId), storedIds(shown.map(({ rosterSourceId }) => rosterSourceId))],
  );
  const runOf = new Map(latest.map((row) => [row.sourceUuid, runFromRow(row)]));
  const last = shown.at(-1);
  return {
    __type: 'RosterSourceList',
    items: shown.map(({ sealedSecret, ...source }) => ({
      ...source,
      __type: 'RosterSource',
      hasSecret: sealedSecret !== null,
      latestRun: runOf.get(storedId(source.rosterSourceId)) ?? null,
    })),
    cursor: rows.length > limit && last ? encodeListCursor({ limit, after: last.name }) : null,
  };
}
