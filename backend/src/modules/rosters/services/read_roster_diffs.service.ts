import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import {
  type ListRosterDiffsInputZod,
  type RosterDiff,
  type RosterDiffListZod,
  type RosterSchoolsZod,
  rosterEntity,
  rosterOp,
  rosterRunId,
} from '@raptscallions/zod-schemas/roster.zod';
import { z } from 'zod';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import { decodeListCursor, encodeListCursor } from '../../../lib/list_cursor';
import type { ReadContext } from '../../../procedures/context';
import { withRosterRunById } from './with_roster_rights.service';

const PlaceZod = z.object({
  limit: z.int().min(1).max(100),
  rosterRunId,
  entity: rosterEntity,
  op: rosterOp,
  after: z.string().max(255).optional(),
});

/** What a run does to the records of one kind, before and after, by id. @throws AppError NOT_FOUND */
export async function listRosterDiffs(
  ctx: ReadContext,
  input: z.output<typeof ListRosterDiffsInputZod>,
): Promise<z.output<typeof RosterDiffListZod>> {
  const { dbRO, tenantId, actor } = ctx;
  const { limit, rosterRunId, entity, op, after } = decodeListCursor(PlaceZod, input);
  await withRosterRunById({ db: dbRO, tenantId, actor }, rosterRunId);
  const rows = await runSql<RosterDiff>(
    dbRO,
    `select sourced_id as "sourcedId", row_number as line, before, after from roster_diffs
    where tenant_id = $1 and roster_run_id = $2 and entity = $3 and op = $4 and sourced_id > $5
    order by sourced_id limit $6`,
    [storedId(tenantId), storedId(rosterRunId), entity, op, after ?? '', limit + 1],
  );
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    __type: 'RosterDiffList',
    items,
    cursor:
      rows.length > limit && last
        ? encodeListCursor({ limit, rosterRunId, entity, op, after: last.sourcedId })
        : null,
  };
}

/** A record's school: its own, that of its class, or the person's first organisation, which 1.2 has in a file of its own. */
const schoolsSql = `
with said as (
  select d.entity, d.op, d.sourced_id, coalesce(d.after, d.before) as data from roster_diffs d
  where d.tenant_id = $1 and d.roster_run_id = $2 and d.entity in ('org', 'class', 'user', 'enrollment')
), belongs as (
  select distinct on (person) person, org from (
    select d.after->>'user' as person, d.after->>'org' as org, d.sourced_id from roster_diffs d
    where d.tenant_id = $1 and d.roster_run_id = $2 and d.entity = 'role' and d.after is not null
    union all
    select x.person_sourced_id, x.place_sourced_id, x.sourced_id from said s join roster_runs r on r.tenant_id = $1
      and r.roster_run_id = $2 join external_refs x on x.tenant_id = $1 and x.roster_source_id = r.roster_source_id
      and x.entity = 'role' and x.person_sourced_id = s.sourced_id where s.entity = 'user'
  ) b order by person, sourced_id
), refs as (
  select x.entity, x.sourced_id, x.data from external_refs x join roster_runs r on r.tenant_id = x.tenant_id
    and r.roster_source_id = x.roster_source_id where r.tenant_id = $1 and r.roster_run_id = $2
    and x.entity in ('org', 'class')
), known as (
  select entity, sourced_id, data from said where entity in ('org', 'class')
  union all select entity, sourced_id, data from refs f
    where not exists (select from said s where s.entity = f.entity and s.sourced_id = f.sourced_id)
), placed as (
  select s.entity, s.op, case s.entity when 'org' then s.sourced_id when 'class' then s.data->>'school'
    when 'user' then coalesce(s.data->'roles'->0->>'org', b.org) else c.data->>'school' end as org
  from said s left join belongs b on s.entity = 'user' and b.person = s.sourced_id left join known c on s.entity = 'enrollment' and c.entity = 'class' and c.sourced_id = s.data->>'class'
), counted as (select org, entity || '.' || op as kind, count(*) n from placed group by 1, 2)
select o.data->>'name' as school, jsonb_object_agg(c.kind, c.n) as counts from (
  select org, kind, sum(n)::int n from counted group by 1, 2) c
left join known o on o.entity = 'org' and o.sourced_id = c.org
group by c.org, o.data->>'name' order by sum(c.n) desc, 1 limit 200`;

/** What a run does, school by school. @throws AppError NOT_FOUND */
export async function readRosterSchools(
  { dbRO, tenantId, actor }: ReadContext,
  id: RichId<'rosterrun'>,
): Promise<z.output<typeof RosterSchoolsZod>> {
  await withRosterRunById({ db: dbRO, tenantId, actor }, id);
  const items = await runSql<z.output<typeof RosterSchoolsZod>['items'][number]>(dbRO, schoolsSql, [
    storedId(tenantId),
    storedId(id),
  ]);
  return { __type: 'RosterSchools', items };
}
