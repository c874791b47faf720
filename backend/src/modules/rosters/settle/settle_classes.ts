import { namedApart, namedBySource } from './settle_groups';
import { mine, type RunSql, saidOf } from './settle_sql';

const endedClasses = `update public.classes c set deleted_at = now(), updated_at = now() from public.external_refs r
  join roster_op o on o.entity = 'class' and o.sourced_id = r.sourced_id and o.op = 'end'
  where ${mine} and r.entity = 'class' and c.tenant_id = $1 and c.class_id = r.internal_id and c.deleted_at is null`;

const schoolOf = (
  said: string,
) => `left join public.external_refs o on o.tenant_id = $1 and o.roster_source_id = $2
      and o.entity = 'org' and o.sourced_id = ${said}->>'school' and o.ended_at is null`;

const schoolsChange = `exists (select from roster_op where entity = 'org')`;

/**
 * The classes that are not yet as the source says; names as for groups. A name depends on the classes that are called
 * the same in the same school, so only those are looked at of which the run says something, unless schools come or go.
 */
const wantedClasses = `create temp table roster_class on commit drop as
  with told as materialized (
    select distinct coalesce(o.internal_id, $3::uuid) group_id, k.said->>'title' title from ${saidOf('class')} k ${schoolOf('k.said')}
  ), live as (
    select r.sourced_id, r.internal_id id, r.data->>'title' title, r.data->>'subject' subject,
      coalesce(o.internal_id, $3::uuid) group_id
    from public.external_refs r ${schoolOf('r.data')}
    where ${mine} and r.entity = 'class' and r.ended_at is null
      and (${schoolsChange} or r.data->>'title' in (select title from told))
      and (${schoolsChange} or (coalesce(o.internal_id, $3::uuid), r.data->>'title') in (select group_id, title from told))
  ), taken as (
    select c.group_id, c.name from public.classes c where c.tenant_id = $1 and c.deleted_at is null
      and not exists (select from live l where l.id = c.class_id)
  ), named as (
    select l.id, l.group_id, l.subject, case
      when count(*) over (partition by l.group_id, title) = 1 and t.name is null then title
      when a.name is null then ${namedApart('title', 'sourced_id')}
      else ${namedBySource('title', 'sourced_id')} end as name
    from live l left join taken t on t.group_id = l.group_id and t.name = l.title
    left join taken a on a.group_id = l.group_id and a.name = ${namedApart('title', 'sourced_id')}
  )
  select n.* from named n left join public.classes c on c.tenant_id = $1 and c.class_id = n.id
  where c.class_id is null or c.deleted_at is not null
    or (c.group_id, c.name, c.subject) is distinct from (n.group_id, n.name, n.subject)`;

const placeClasses = [
  `update public.classes c set name = left(c.name, 60) || ' ' || c.class_id from roster_class w
  where c.tenant_id = $1 and c.class_id = w.id and c.deleted_at is null
    and exists (select from roster_class x where x.group_id = c.group_id and x.name = c.name and x.id <> c.class_id)`,
  `insert into public.classes as c (tenant_id, class_id, group_id, name, subject)
  select $1, id, group_id, name, subject from roster_class
  on conflict (tenant_id, class_id) do update
    set group_id = excluded.group_id, name = excluded.name, subject = excluded.subject, deleted_at = null,
      updated_at = now()`,
  'drop table roster_class',
];

/** Before anything else: their names are free then, and schools in which nothing is left can end as well. */
export async function endClasses(run: RunSql): Promise<void> {
  await run(endedClasses);
}

/** Brings classes to what the source says. */
export async function settleClasses(run: RunSql): Promise<void> {
  for (const statement of [wantedClasses, ...placeClasses]) await run(statement);
}
