import type { ClientBase } from 'pg';
import { z } from 'zod';

export type Difference = { counts: Record<string, number>; reasons: string[] };

const diffSql = `
insert into roster_op (entity, sourced_id, row_number, op, before, after)
with staged as (
  select distinct on (entity, sourced_id) * from roster_stage order by entity, sourced_id, gone, data::text
), refs as (
  select * from public.external_refs
  where tenant_id = $1 and roster_source_id = $2 and entity in (select entity from roster_mode)
)
select entity, sourced_id, s.row_number,
  case when r.entity is null then 'add' when s.entity is null or s.gone then 'end'
    when r.ended_at is not null then 'reactivate' else 'change' end,
  r.data, case when s.gone then null else s.data end
from staged s full join refs r using (entity, sourced_id) join roster_mode m using (entity)
where case
  when s.entity is null then m.bulk and r.ended_at is null
  when s.gone then r.entity is not null and r.ended_at is null
  when r.entity is null or r.ended_at is not null then true
  else r.data <> s.data end`;

const CountZod = z.object({ entity: z.string(), op: z.string(), n: z.coerce.number() });
const ReasonZod = z.object({ reason: z.string() });

/** Brakes over what this source owns and is active; each gives a sentence for whoever has to decide. */
const brakesSql = `
with mine as (select * from public.external_refs where tenant_id = $1 and roster_source_id = $2),
live as (select entity, count(*) n from mine where ended_at is null and entity not like '%_member' group by 1),
ended as (select entity, count(*) n from roster_op where op = 'end' group by 1)
select format('%s of %s active %s records would end, which is more than 10 %%.', e.n, l.n, entity) reason
  from ended e join live l using (entity) where e.n * 10 > l.n
union all
select format('The file for %s is missing from this feed, though %s records came in it before.', entity, l.n)
  from live l where exists (select from roster_mode where bulk) and entity not in (select entity from roster_mode)
union all
select format('%s classes come back under new ids with the same code and school.', count(*))
  from roster_op e join roster_op a on a.entity = 'class' and a.op = 'add'
    and a.after->>'code' = e.before->>'code' and a.after->>'school' = e.before->>'school'
  where e.entity = 'class' and e.op = 'end' having count(*) > 0
union all
select format('%s classes with five members or more would lose over half of them.', count(*)) from (
  select m.data->>'class' from mine m
    left join roster_op o on o.entity = 'enrollment' and o.sourced_id = m.sourced_id and o.op = 'end'
    left join roster_op c on c.entity = 'class' and c.sourced_id = m.data->>'class' and c.op = 'end'
  where m.entity = 'enrollment' and m.ended_at is null and c.entity is null
  group by 1 having count(*) >= 5 and count(o.entity) * 2 > count(*)) shrunk having count(*) > 0`;

/** Compares what is staged with what we hold, into `roster_op`, and says what makes the run wait for a person. */
export async function findDifference(
  client: ClientBase,
  tenantUuid: string,
  sourceUuid: string,
): Promise<Difference> {
  await client.query(diffSql, [tenantUuid, sourceUuid]);
  await client.query('analyze roster_op');
  const { rows } = await client.query(
    'select entity, op, count(*) n from roster_op group by 1, 2 order by 1, 2',
  );
  const counts = Object.fromEntries(
    z
      .array(CountZod)
      .parse(rows)
      .map(({ entity, op, n }) => [`${entity}.${op}`, n]),
  );
  const held = await client.query(brakesSql, [tenantUuid, sourceUuid]);
  return {
    counts,
    reasons: z
      .array(ReasonZod)
      .parse(held.rows)
      .map(({ reason }) => reason),
  };
}
