import type { ClientBase } from 'pg';
import { z } from 'zod';
import type { RosterSource } from './with_roster_source';

export type Difference = {
  /** operations by `entity.op` */
  counts: Record<string, number>;
  reasons: string[];
  /** of all that were staged, those about a record of which another one speaks */
  repeatedRows: number;
};

/** Records of which several rows speak; hardly ever any. By itself, so that what follows is planned for how many there are. */
const repeatedSql = `create temp table roster_repeated as
select entity, sourced_id, count(*) - 1 as more from roster_stage group by 1, 2 having count(*) > 1`;

const isRepeated =
  'exists (select from roster_repeated k where k.entity = s.entity and k.sourced_id = s.sourced_id)';

/**
 * A row that comes twice counts once; which of two that differ is the same whatever their order in the file. Only such
 * rows are sorted: a million more would take longer than comparing them. Operations are left in the order of their key.
 */
const diffSql = `
with latest as (
  select s.* from roster_stage s where not ${isRepeated}
  union all
  (select distinct on (entity, sourced_id) s.* from roster_stage s where ${isRepeated} order by entity, sourced_id, gone, data)
), refs as (
  select * from public.external_refs
  where tenant_id = $1 and roster_source_id = $2 and entity in (select entity from roster_mode)
)
insert into roster_op (entity, sourced_id, row_number, op, before, after)
select entity, sourced_id, s.row_number,
  case when r.entity is null then 'add' when s.entity is null or s.gone then 'end'
    when r.ended_at is not null then 'reactivate' else 'change' end,
  r.data, case when s.gone then null else s.data end
from latest s full join refs r using (entity, sourced_id) join roster_mode m using (entity)
where case
  when s.entity is null then m.bulk and r.ended_at is null
  when s.gone then r.entity is not null and r.ended_at is null
  when r.entity is null or r.ended_at is not null then true
  else r.data <> s.data end
order by entity, sourced_id`;

/** What the source will say when the run is applied. */
const liveSql = `create temp table roster_live as
select entity, sourced_id from public.external_refs r where tenant_id = $1 and roster_source_id = $2
  and entity in ('org', 'session', 'course', 'class', 'user') and ended_at is null
  and not exists (select from roster_op o where o.op = 'end' and o.entity = r.entity and o.sourced_id = r.sourced_id)
union select entity, sourced_id from roster_op
  where op in ('add', 'reactivate') and entity in ('org', 'session', 'course', 'class', 'user')`;

/**
 * A reference that leads nowhere: the row is kept, and counts as soon as what it names comes. All are found before
 * the first are told: planned for two thousand, each of a million rows would be looked up by itself.
 */
const dangling = (
  entity: string,
  field: string,
  target: string,
  value: string,
  from = '',
) => `with lost as materialized (
  select s.row_number from roster_stage s ${from} where s.entity = '${entity}' and not s.gone and ${value} is not null
    and exists (select from roster_live where entity = '${target}')
    and not exists (select from roster_live l where l.entity = '${target}' and l.sourced_id = ${value})
) insert into roster_issue (entity, line, field, code, rejected, sentence)
select '${entity}', row_number, '${field}', 'dangling', false,
  'The row names a ${target} by ${field} that this source does not have, so that part has no effect until it does.'
from lost limit 2000`;

const danglingSql = [
  dangling('org', 'parentSourcedId', 'org', `s.data->>'parent'`),
  dangling('class', 'schoolSourcedId', 'org', `s.data->>'school'`),
  dangling('class', 'courseSourcedId', 'course', `s.data->>'course'`),
  dangling(
    'class',
    'termSourcedIds',
    'session',
    'term',
    `cross join jsonb_array_elements_text(s.data->'terms') term`,
  ),
  dangling('user', 'orgSourcedIds', 'org', `x->>'org'`, `cross join jsonb_array_elements(s.data->'roles') x`),
  dangling('role', 'userSourcedId', 'user', `s.data->>'user'`),
  dangling('role', 'orgSourcedId', 'org', `s.data->>'org'`),
  dangling('enrollment', 'classSourcedId', 'class', `s.data->>'class'`),
  dangling('enrollment', 'userSourcedId', 'user', `s.data->>'user'`),
];

const RepeatedZod = z.tuple([z.object({ more: z.number() })]);
const CountZod = z.object({ entity: z.string(), op: z.string(), n: z.coerce.number() });
const ReasonZod = z.object({ reason: z.string() });

/** Kinds of records in the words of a school. */
const kinds = `('org', 'schools and departments'), ('session', 'terms'), ('course', 'courses'), ('class', 'classes'),
  ('user', 'people'), ('role', 'roles'), ('enrollment', 'enrolments')`;

/** Whether an operation takes somebody or something away; `day.today` is there. */
const takesAway = `(op = 'end' or (op = 'change' and case entity
    when 'user' then (before->>'enabled')::boolean and not (after->>'enabled')::boolean
    when 'enrollment' then (before->>'class', before->>'user') is distinct from (after->>'class', after->>'user')
      or (coalesce(after->>'end' <= today, false) and not coalesce(before->>'end' <= today, false))
      or (coalesce(after->>'begin' > today, false) and not coalesce(before->>'begin' > today, false))
    when 'session' then (coalesce(after->>'end' <= today, false) and not coalesce(before->>'end' <= today, false))
      or (coalesce(after->>'begin' > today, false) and not coalesce(before->>'begin' > today, false))
    else false end))`;

/**
 * Runs of the last week that nobody has looked at, with what each took away more than it brought, and by how much
 * the source has shrunk from its fullest moment since. Nine per cent every night would pass every night.
 */
const shrinkingSql = `
past as (
  select roster_run_id, counts, finished_at from public.roster_runs r where tenant_id = $1 and roster_source_id = $2
    and status = 'applied' and finished_at > greatest(now() - interval '7 days', (
      select max(finished_at) from public.roster_runs where tenant_id = $1 and roster_source_id = $2
        and status = 'applied' and (decided_by_user_id is not null or held_reasons::text <> '[]')))
), told as (
  select roster_run_id, finished_at, split_part(key, '.', 1) entity,
    case split_part(key, '.', 2) when 'end' then value::int else -value::int end as n
  from past cross join jsonb_each_text(counts::jsonb) where key like '%.end' or key like '%.add' or key like '%.reactivate'
  union all
  select p.roster_run_id, p.finished_at, d.entity, count(*)::int from past p
    join public.roster_diffs d on d.tenant_id = $1 and d.roster_run_id = p.roster_run_id and d.op = 'change'
    cross join day where p.counts::text like '%.change"%' and ${takesAway} group by 1, 2, 3
), since as (
  select entity, sum(sum(n)) over (partition by entity order by finished_at desc, roster_run_id desc) as lost
  from told group by entity, finished_at, roster_run_id
), shrunk as (select entity, max(lost) as n from since group by 1 having max(lost) > 0)`;

/**
 * Brakes over what this source owns and is active; each gives a sentence for whoever has to decide. What a change
 * closes, moves away or switches off is as gone as what is missing: a feed with yesterday's date in every row
 * would otherwise empty a school without ending a single record.
 */
const brakesSql = `
with mine as not materialized (select * from public.external_refs where tenant_id = $1 and roster_source_id = $2),
live as (select entity, count(*) n from mine where ended_at is null group by 1),
day as (select to_char(now() at time zone time_zone, 'YYYY-MM-DD') today from public.roster_sources
  where tenant_id = $1 and roster_source_id = $2),
lost as (
  select entity, sourced_id, before from roster_op cross join day where ${takesAway}
), ended as (select entity, count(*) n from lost group by 1),
kind (entity, called) as (values ${kinds}),
brought as (select entity, count(*) n from roster_op where op in ('add', 'reactivate') group by 1),
${shrinkingSql}
select format('%s of %s %s would end, which is more than %s %%.', e.n, l.n, k.called, $3::int) reason
  from ended e join live l using (entity) join kind k using (entity) where e.n * 100 > l.n * $3::int
union all
select format('%s of %s %s would be gone that were here a week ago or less, and nobody has looked at it: more than %s %%.',
    s.n + e.n - coalesce(b.n, 0), s.n + l.n, k.called, $3::int)
  from ended e join live l using (entity) join kind k using (entity) join shrunk s using (entity) left join brought b using (entity)
  where e.n * 100 <= l.n * $3::int and (s.n + e.n - coalesce(b.n, 0)) * 100 > (s.n + l.n) * $3::int
union all
select format('%s under new ids with the same code and school.',
    case count(*) when 1 then 'One class comes back' else count(*) || ' classes come back' end)
  from roster_op e join roster_op a on a.entity = 'class' and a.op = 'add'
    and a.after->>'code' = e.before->>'code' and a.after->>'school' = e.before->>'school'
  where e.entity = 'class' and e.op = 'end' having count(*) > 0
union all
select format('%s with five members or more would lose over half of them.',
    case count(*) when 1 then 'One class' else count(*) || ' classes' end) from (
  select m.place_sourced_id from mine m
    left join lost o on o.entity = 'enrollment' and o.sourced_id = m.sourced_id
    left join lost c on c.entity = 'class' and c.sourced_id = m.place_sourced_id
  where m.entity = 'enrollment' and m.ended_at is null and c.entity is null
    and exists (select from lost where entity = 'enrollment')
  group by 1 having count(*) >= 5 and count(o.entity) * 2 > count(*)) shrunk having count(*) > 0`;

const missingSql = `select format('The file with the %s is missing from this feed, though it came before.', called) reason
from (values ${kinds}) e(entity, called) where exists (select from roster_mode where bulk) and entity not in (select entity from roster_mode)
  and (select true from public.external_refs r where r.tenant_id = $1 and r.roster_source_id = $2
    and r.entity = e.entity and r.ended_at is null limit 1)`;

/** Compares what is staged with what we hold, into `roster_op`, and says what makes the run wait for a person. */
export async function findDifference(client: ClientBase, source: RosterSource): Promise<Difference> {
  const ids = [source.tenantUuid, source.sourceUuid];
  // It lies in the order of its kinds: each is found without reading the others.
  await client.query('create index on roster_stage using brin (entity)');
  await client.query('analyze roster_stage');
  await client.query(repeatedSql);
  await client.query('analyze roster_repeated');
  const repeated = await client.query('select coalesce(sum(more), 0)::int as more from roster_repeated');
  const [{ more: repeatedRows }] = RepeatedZod.parse(repeated.rows);
  await client.query(diffSql, ids);
  await client.query('analyze roster_op');
  await client.query(liveSql, ids);
  await client.query('create index on roster_live (entity, sourced_id)');
  await client.query('analyze roster_live');
  for (const statement of danglingSql) await client.query(statement);
  const { rows } = await client.query(
    'select entity, op, count(*) n from roster_op group by 1, 2 order by 1, 2',
  );
  const counts = Object.fromEntries(
    z
      .array(CountZod)
      .parse(rows)
      .map(({ entity, op, n }) => [`${entity}.${op}`, n]),
  );
  const missing = await client.query(missingSql, ids);
  // Where nothing ends or changes nobody can be lost, and nothing has to be counted.
  const loses = Object.keys(counts).some((kind) => /[.](end|change)$/.test(kind));
  const lost = loses ? await client.query(brakesSql, [...ids, source.endLimitPercent]) : { rows: [] };
  return {
    counts,
    repeatedRows,
    reasons: z
      .array(ReasonZod)
      .parse([...lost.rows, ...missing.rows])
      .map(({ reason }) => reason),
  };
}
