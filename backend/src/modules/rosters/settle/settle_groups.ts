import { mine, type RunSql } from './settle_sql';

const label = (id: string) => `('g' || replace(${id}::text, '-', ''))`;

const isTaken = (name: string) => `exists (
      select from public.groups g where g.tenant_id = $1 and g.parent_group_id = p.parent and g.deleted_at is null
        and g.name = ${name} and not exists (select from live o where o.id = g.group_id))`;

/**
 * Where every organisation belongs, and its name there. Parents first; an orphan, and whoever stands in a ring of
 * parents, hangs under the source's root. Of two with one name each gets its id behind it, also where a group made
 * by hand or by another source has the name; what the feed's own groups were called before does not count, so the
 * same feed always gives the same names.
 */
const wantedGroups = `create temp table roster_group on commit drop as
  with recursive live as (
    select r.sourced_id, r.internal_id id, r.data from public.external_refs r
    where ${mine} and r.entity = 'org' and r.ended_at is null
  ), root as (select path from public.groups where tenant_id = $1 and group_id = $3),
  tree as (
    select l.sourced_id, l.id, $3::uuid parent, root.path || ${label('l.id')} path from live l cross join root
    where not exists (select from live p where p.sourced_id = l.data->>'parent')
    union all
    select l.sourced_id, l.id, t.id, t.path || ${label('l.id')} from live l join tree t on t.sourced_id = l.data->>'parent'
  ), placed as (
    select * from tree union all
    select l.sourced_id, l.id, $3::uuid, root.path || ${label('l.id')} from live l cross join root
    where not exists (select from tree t where t.sourced_id = l.sourced_id)
  )
  select p.id, p.parent, p.path, case when k.kind in ('district', 'school', 'department') then k.kind else 'custom' end kind,
    case when count(*) over (partition by p.parent, k.name) = 1 and not ${isTaken('k.name')} then k.name
      when not ${isTaken(namedApart('k.name', 'p.sourced_id'))} then ${namedApart('k.name', 'p.sourced_id')}
      else ${namedBySource('k.name', 'p.sourced_id')} end as name
  from placed p join live l using (sourced_id)
    cross join lateral (select l.data->>'name' as name, l.data->>'kind' as kind) k`;

const placeGroups = [
  // Two that swap their names would meet in the index: whoever is renamed steps aside first.
  `update public.groups g set name = left(g.name, 60) || ' ' || g.group_id from roster_group w
  where g.tenant_id = $1 and g.group_id = w.id and g.deleted_at is null
    and (g.parent_group_id, g.name) is distinct from (w.parent, w.name)
    and exists (select from roster_group x where x.parent = g.parent_group_id and x.name = g.name and x.id <> g.group_id)`,
  `insert into public.groups as g (tenant_id, group_id, parent_group_id, name, kind, path)
  select $1, id, parent, name, kind::group_kind, path from roster_group
  on conflict (tenant_id, group_id) do update
    set parent_group_id = excluded.parent_group_id, name = excluded.name, kind = excluded.kind, path = excluded.path,
      deleted_at = null, updated_at = now()
    where (g.parent_group_id, g.name, g.kind, g.path::text) is distinct from
      (excluded.parent_group_id, excluded.name, excluded.kind, excluded.path::text) or g.deleted_at is not null`,
  'drop table roster_group',
  // Groups made by hand move along with the one they lie in.
  `with recursive tree as (
    select group_id, path from public.groups where tenant_id = $1 and parent_group_id is null
    union all
    select g.group_id, t.path || subpath(g.path, -1) from public.groups g
    join tree t on t.group_id = g.parent_group_id where g.tenant_id = $1
  ) update public.groups g set path = t.path, updated_at = now() from tree t
  where g.tenant_id = $1 and g.group_id = t.group_id and g.path::text <> t.path::text`,
];

/** A group in which something lives stays, even when the school system has forgotten it. */
const endEmptyGroups = `update public.groups g set deleted_at = now(), updated_at = now() from public.external_refs r
  join roster_op o on o.entity = 'org' and o.sourced_id = r.sourced_id and o.op = 'end'
  where ${mine} and r.entity = 'org' and g.tenant_id = $1 and g.group_id = r.internal_id and g.deleted_at is null
    and not exists (select from public.classes c where c.tenant_id = $1 and c.group_id = g.group_id and c.deleted_at is null)
    and not exists (select from public.groups k where k.tenant_id = $1 and k.parent_group_id = g.group_id
      and k.deleted_at is null)`;

/** A name with the feed's id behind it, of at most 100 characters; long ids keep apart by their hash. */
export function namedApart(name: string, sourcedId: string): string {
  return `left(${name}, 55) || ' (' || case when length(${sourcedId}) <= 36 then ${sourcedId}
    else left(${sourcedId}, 24) || '~' || left(md5(${sourcedId}), 11) end || ')'`;
}

/** Where another source has the same name and id in the same place: a name that only this one can give. */
export function namedBySource(name: string, sourcedId: string): string {
  return `left(${name}, 55) || ' (' || left(md5($2::text || ${sourcedId}), 16) || ')'`;
}

/** Brings the groups to where the live organisations of the source say. */
export async function settleGroups(run: RunSql): Promise<void> {
  // Ended ones give their names free; others can end only when what is in them has moved away.
  await endGroups(run);
  for (const statement of [wantedGroups, ...placeGroups]) await run(statement);
}

/** Leaves first, until none is empty. */
export async function endGroups(run: RunSql): Promise<void> {
  while ((await run(endEmptyGroups)) > 0);
}
