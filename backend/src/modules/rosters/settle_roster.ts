import type { ClientBase } from 'pg';

export type SettleInput = {
  tenantUuid: string;
  sourceUuid: string;
  rootGroupUuid: string;
  timeZone: string;
  grantsAdmin: boolean;
};

const mine = 'r.tenant_id = $1 and r.roster_source_id = $2';

/** What the source says, by `roster_op`. */
const writeRefs = [
  `insert into public.external_refs as r (tenant_id, roster_source_id, entity, sourced_id, data)
  select $1, $2, entity, sourced_id, after from roster_op where op <> 'end'
  on conflict (tenant_id, roster_source_id, entity, sourced_id)
    do update set data = excluded.data, ended_at = null, updated_at = now()`,
  `update public.external_refs r set ended_at = now(), updated_at = now() from roster_op o
  where ${mine} and r.entity = o.entity and r.sourced_id = o.sourced_id and o.op = 'end'`,
  `update public.external_refs r set internal_id = uuidv7()
  where ${mine} and r.entity in ('org', 'class') and r.internal_id is null and r.ended_at is null`,
];

const label = (id: string) => `('g' || replace(${id}::text, '-', ''))`;

/** Parents first; an orphan, and whoever stands in a ring of parents, hangs under the source's root. */
const settleGroups = [
  `with recursive live as (
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
  ), named as (
    select p.*, l.data->>'kind' kind, case
      when count(*) over (partition by p.parent, l.data->>'name') > 1 or exists (
        select from public.groups g where g.tenant_id = $1 and g.parent_group_id = p.parent and g.deleted_at is null
          and g.name = l.data->>'name' and g.group_id <> p.id)
      then left(l.data->>'name', 60) || ' (' || left(l.sourced_id, 36) || ')' else l.data->>'name' end as name
    from placed p join live l using (sourced_id)
  )
  insert into public.groups as g (tenant_id, group_id, parent_group_id, name, kind, path)
  select $1, id, parent, name,
    (case when kind in ('district', 'school', 'department') then kind else 'custom' end)::group_kind, path from named
  on conflict (tenant_id, group_id) do update
    set parent_group_id = excluded.parent_group_id, name = excluded.name, kind = excluded.kind, path = excluded.path,
      deleted_at = null, updated_at = now()
    where (g.parent_group_id, g.name, g.kind, g.path::text) is distinct from
      (excluded.parent_group_id, excluded.name, excluded.kind, excluded.path::text) or g.deleted_at is not null`,
  // Groups made by hand move along with the one they lie in.
  `with recursive tree as (
    select group_id, path from public.groups where tenant_id = $1 and parent_group_id is null
    union all
    select g.group_id, t.path || subpath(g.path, -1) from public.groups g
    join tree t on t.group_id = g.parent_group_id where g.tenant_id = $1
  ) update public.groups g set path = t.path, updated_at = now() from tree t
  where g.tenant_id = $1 and g.group_id = t.group_id and g.path::text <> t.path::text
    and $2::uuid is not null and $3::uuid is not null`,
];

const settleClasses = `with live as (
    select r.sourced_id, r.internal_id id, r.data, coalesce(o.internal_id, $3::uuid) group_id
    from public.external_refs r left join public.external_refs o on o.tenant_id = r.tenant_id
      and o.roster_source_id = r.roster_source_id and o.entity = 'org' and o.sourced_id = r.data->>'school'
      and o.ended_at is null
    where ${mine} and r.entity = 'class' and r.ended_at is null
  ), named as (
    select l.*, case
      when count(*) over (partition by group_id, data->>'title') > 1 or exists (
        select from public.classes c where c.tenant_id = $1 and c.group_id = l.group_id and c.deleted_at is null
          and c.name = l.data->>'title' and c.class_id <> l.id)
      then left(data->>'title', 60) || ' (' || left(sourced_id, 36) || ')' else data->>'title' end as name from live l
  )
  insert into public.classes as c (tenant_id, class_id, group_id, name, subject)
  select $1, id, group_id, name, data->>'subject' from named
  on conflict (tenant_id, class_id) do update
    set group_id = excluded.group_id, name = excluded.name, subject = excluded.subject, deleted_at = null,
      updated_at = now()
    where (c.group_id, c.name, c.subject) is distinct from (excluded.group_id, excluded.name, excluded.subject)
      or c.deleted_at is not null`;

const endThings = [
  `update public.classes c set deleted_at = now(), updated_at = now() from public.external_refs r
  join roster_op o on o.entity = 'class' and o.sourced_id = r.sourced_id and o.op = 'end'
  where ${mine} and r.entity = 'class' and c.tenant_id = $1 and c.class_id = r.internal_id and c.deleted_at is null`,
  // A group in which something lives stays, even when the school system has forgotten it.
  `update public.groups g set deleted_at = now(), updated_at = now() from public.external_refs r
  join roster_op o on o.entity = 'org' and o.sourced_id = r.sourced_id and o.op = 'end'
  where ${mine} and r.entity = 'org' and g.tenant_id = $1 and g.group_id = r.internal_id and g.deleted_at is null
    and not exists (select from public.classes c where c.tenant_id = $1 and c.group_id = g.group_id and c.deleted_at is null)
    and not exists (select from public.groups k where k.tenant_id = $1 and k.parent_group_id = g.group_id
      and k.deleted_at is null)`,
  `update public.users u set status = 'suspended', updated_at = now() from public.external_refs r
  join roster_op o on o.entity = 'user' and o.sourced_id = r.sourced_id and o.op = 'end'
  where ${mine} and r.entity = 'user' and u.tenant_id = $1 and u.user_id = r.internal_id and u.status <> 'suspended'
    and not exists (select from public.external_refs x where x.tenant_id = $1 and x.entity = 'user'
      and x.internal_id = u.user_id and x.ended_at is null)`,
];

const guardians = `('guardian', 'parent', 'relative')`;
const admins = `('administrator', 'principal', 'siteadministrator', 'districtadministrator', 'systemadministrator')`;

/** A person's roles: those on the user's row (1.1) and those of the roles file (1.2), open today. */
const roleTable = `create temp table roster_role on commit drop as
  select r.tenant_id, r.roster_source_id, r.sourced_id as user_sid, x->>'org' as org_sid, x->>'role' as role,
    null::text as opens, null::text as closes
  from public.external_refs r cross join jsonb_array_elements(r.data->'roles') x
  where r.tenant_id = (select tenant_id from roster_today) and r.roster_source_id = (select source_id from roster_today)
    and r.entity = 'user' and r.ended_at is null
  union all
  select r.tenant_id, r.roster_source_id, r.data->>'user', r.data->>'org', r.data->>'role', r.data->>'begin', r.data->>'end'
  from public.external_refs r
  where r.tenant_id = (select tenant_id from roster_today) and r.roster_source_id = (select source_id from roster_today)
    and r.entity = 'role' and r.ended_at is null`;

const settleUsers = [
  // Only a verified address, only one match, never somebody this source has known, never upward in power.
  `with wanting as (
    select r.sourced_id, r.data->>'email' email, count(*) over (partition by r.data->>'email') same,
      exists (select from roster_role k where k.tenant_id = $1 and k.roster_source_id = $2
        and k.user_sid = r.sourced_id and k.role <> 'student' and k.role not in ${guardians}) staff
    from public.external_refs r
    where ${mine} and r.entity = 'user' and r.internal_id is null and r.ended_at is null and r.data ? 'email'
  ), matched as (
    select w.sourced_id, u.user_id from wanting w
    join public.user_contacts k on k.tenant_id = $1 and k.email = w.email and k.deleted_at is null
    join public.auth_users a on a.id = k.user_id and a.email_verified
    join public.users u on u.tenant_id = $1 and u.user_id = k.user_id and u.deleted_at is null
    where w.same = 1
      and not exists (select from public.external_refs x where x.tenant_id = $1 and x.roster_source_id = $2
        and x.entity = 'user' and x.internal_id = u.user_id)
      and not exists (select from public.group_members g where g.tenant_id = $1 and g.user_id = u.user_id
        and (g.role in ('system_admin', 'group_admin') or (g.role = 'teacher' and not w.staff)))
  ) update public.external_refs r set internal_id = m.user_id from matched m
  where ${mine} and r.entity = 'user' and r.sourced_id = m.sourced_id`,
  // Guardians are kept as records; nobody gets an account for being somebody's parent.
  `update public.external_refs r set internal_id = uuidv7()
  where ${mine} and r.entity = 'user' and r.internal_id is null and r.ended_at is null and (
    not exists (select from roster_role k where k.tenant_id = $1 and k.roster_source_id = $2 and k.user_sid = r.sourced_id)
    or exists (select from roster_role k where k.tenant_id = $1 and k.roster_source_id = $2
      and k.user_sid = r.sourced_id and k.role not in ${guardians}))`,
  `insert into public.users as u (tenant_id, user_id, name, status)
  select $1, r.internal_id, r.data->>'name', (case when (r.data->>'enabled')::boolean then 'active' else 'suspended' end)::user_status
  from public.external_refs r where ${mine} and r.entity = 'user' and r.ended_at is null and r.internal_id is not null
    and not exists (select from public.users k where k.tenant_id = $1 and k.user_id = r.internal_id)`,
  `update public.users u set name = r.data->>'name', updated_at = now(), status = (case
      when not (r.data->>'enabled')::boolean then 'suspended'
      when o.op <> 'change' or not (o.before->>'enabled')::boolean then 'active' else u.status::text end)::user_status
  from roster_op o join public.external_refs r on r.entity = 'user' and r.sourced_id = o.sourced_id
  where ${mine} and o.entity = 'user' and o.op in ('change', 'reactivate') and u.tenant_id = $1 and u.user_id = r.internal_id`,
  // An address or name that somebody has stays theirs; of two newcomers the first by id gets it.
  `with fresh as (
    select r.internal_id id, r.data->>'email' email, r.data->>'username' username,
      row_number() over (partition by r.data->>'email' order by r.sourced_id) e,
      row_number() over (partition by r.data->>'username' order by r.sourced_id) n
    from public.external_refs r where ${mine} and r.entity = 'user' and r.ended_at is null and r.internal_id is not null
      and not exists (select from public.user_contacts k where k.tenant_id = $1 and k.user_id = r.internal_id)
  ) insert into public.user_contacts (tenant_id, user_id, email, username)
  select $1, f.id,
    case when f.e = 1 and not exists (select from public.user_contacts k where k.tenant_id = $1 and k.email = f.email) then f.email end,
    case when f.n = 1 and not exists (select from public.user_contacts k where k.tenant_id = $1 and k.username = f.username) then f.username end
  from fresh f`,
  `update public.user_contacts k set updated_at = now(),
    email = case when exists (select from public.user_contacts x where x.tenant_id = $1 and x.user_id <> k.user_id
      and x.email = r.data->>'email') then k.email else r.data->>'email' end,
    username = case when exists (select from public.user_contacts x where x.tenant_id = $1 and x.user_id <> k.user_id
      and x.username = r.data->>'username') then k.username else r.data->>'username' end
  from roster_op o join public.external_refs r on r.entity = 'user' and r.sourced_id = o.sourced_id
  where ${mine} and o.entity = 'user' and o.op = 'change' and k.tenant_id = $1 and k.user_id = r.internal_id
    and (o.before->>'email', o.before->>'username') is distinct from (r.data->>'email', r.data->>'username')`,
  `insert into public.auth_users (id, tenant_id, name, email)
  select k.user_id, k.tenant_id, r.data->>'name',
    case when k.email is null or exists (select from public.auth_users a where a.email = k.email)
      then k.user_id || '@placeholder.invalid' else k.email end
  from public.external_refs r join public.user_contacts k on k.tenant_id = r.tenant_id and k.user_id = r.internal_id
  where ${mine} and r.entity = 'user' and r.ended_at is null
    and not exists (select from public.auth_users a where a.id = k.user_id)`,
];

const open = (begin: string, end: string) =>
  `coalesce(${begin} <= (select day from roster_today), true) and coalesce(${end} > (select day from roster_today), true)`;

const wantedGroupMembers = `create temp table roster_wanted on commit drop as
  select o.internal_id as place, u.internal_id as person, case
      when bool_or(k.role in ${admins} and g.grants_admin) then 'group_admin'
      when bool_or(k.role <> 'student') then 'teacher' else 'student' end as role
  from roster_role k cross join roster_today g
  join public.external_refs u on u.tenant_id = k.tenant_id and u.roster_source_id = k.roster_source_id
    and u.entity = 'user' and u.sourced_id = k.user_sid and u.ended_at is null and u.internal_id is not null
  join public.external_refs o on o.tenant_id = k.tenant_id and o.roster_source_id = k.roster_source_id
    and o.entity = 'org' and o.sourced_id = k.org_sid and o.ended_at is null
  where k.tenant_id = g.tenant_id and k.roster_source_id = g.source_id and k.role not in ${guardians}
    and ${open('k.opens', 'k.closes')}
  group by 1, 2`;

/** Membership is the union of a person's enrolments in a class that are open today; the term's window counts too. */
const wantedClassMembers = `create temp table roster_wanted on commit drop as
  with terms as (
    select c.sourced_id, min(s.data->>'begin') opens, max(s.data->>'end') closes
    from public.external_refs c cross join roster_today g cross join jsonb_array_elements_text(c.data->'terms') term
    join public.external_refs s on s.tenant_id = c.tenant_id and s.roster_source_id = c.roster_source_id
      and s.entity = 'session' and s.sourced_id = term and s.ended_at is null
    where c.entity = 'class' and c.tenant_id = g.tenant_id and c.roster_source_id = g.source_id group by 1
  )
  select c.internal_id as place, u.internal_id as person, max(e.data->>'role') as role
  from public.external_refs e cross join roster_today g
  join public.external_refs c on c.tenant_id = e.tenant_id and c.roster_source_id = e.roster_source_id
    and c.entity = 'class' and c.sourced_id = e.data->>'class' and c.ended_at is null
  join public.external_refs u on u.tenant_id = e.tenant_id and u.roster_source_id = e.roster_source_id
    and u.entity = 'user' and u.sourced_id = e.data->>'user' and u.ended_at is null and u.internal_id is not null
  left join terms t on t.sourced_id = c.sourced_id
  where e.entity = 'enrollment' and e.ended_at is null and e.tenant_id = g.tenant_id and e.roster_source_id = g.source_id
    and e.data->>'role' in ('student', 'teacher')
    and ${open(`coalesce(e.data->>'begin', t.opens)`, `coalesce(e.data->>'end', t.closes)`)}
  group by 1, 2`;

/** Adds, changes and removes only memberships this source made; those made by hand stay as they are. */
function settleMembers(
  entity: string,
  table: string,
  key: string,
  place: string,
  roleType: string,
): string[] {
  const name = `w.place || ' ' || w.person`;
  return [
    `with lost as (
      delete from public.external_refs r where ${mine} and r.entity = '${entity}'
        and not exists (select from roster_wanted w where ${name} = r.sourced_id) returning r.internal_id
    ) delete from public.${table} m using lost where m.tenant_id = $1 and m.${key} = lost.internal_id`,
    `update public.${table} m set role = w.role::${roleType}, updated_at = now() from roster_wanted w
    join public.external_refs r on r.sourced_id = ${name}
    where ${mine} and r.entity = '${entity}' and m.tenant_id = $1 and m.${key} = r.internal_id and m.role::text <> w.role`,
    `with made as (
      insert into public.${table} (tenant_id, ${key}, ${place}, user_id, role)
      select $1, uuidv7(), w.place, w.person, w.role::${roleType} from roster_wanted w
      where not exists (select from public.external_refs r where ${mine} and r.entity = '${entity}' and r.sourced_id = ${name})
      on conflict (tenant_id, ${place}, user_id) do nothing returning ${key} id, ${place} place, user_id person
    ) insert into public.external_refs (tenant_id, roster_source_id, entity, sourced_id, internal_id, data)
    select $1, $2, '${entity}', w.place || ' ' || w.person, w.id, '{}' from made w`,
    'drop table roster_wanted',
  ];
}

/**
 * Brings groups, classes, people and memberships to what `roster_op` says, by sets, in the caller's transaction.
 * For `dates` only memberships, which open and close as days pass, and no `roster_op` is needed.
 * The triggers of the tables place the rows for browsers, statement by statement.
 */
export async function settleRoster(
  client: ClientBase,
  input: SettleInput,
  what: 'records' | 'dates',
): Promise<void> {
  const { tenantUuid, sourceUuid, rootGroupUuid, timeZone, grantsAdmin } = input;
  const run = async (statement: string) => {
    const values = [tenantUuid, sourceUuid, rootGroupUuid];
    const used = statement.includes('$3') ? 3 : statement.includes('$1') ? 2 : 0;
    await client.query(statement, values.slice(0, used));
  };
  await client.query(
    'create temp table roster_today (tenant_id uuid, source_id uuid, grants_admin boolean, day text) on commit drop',
  );
  await client.query(
    `insert into roster_today values ($1, $2, $3, to_char(now() at time zone $4::text, 'YYYY-MM-DD'))`,
    [tenantUuid, sourceUuid, grantsAdmin, timeZone],
  );
  // What a first load has just written has no statistics yet, and a plan made for a few rows would loop over all.
  await client.query('set local enable_nestloop = off');
  if (what === 'records') {
    for (const statement of [...writeRefs, ...settleGroups, settleClasses, ...endThings])
      await run(statement);
  }
  await run(roleTable);
  await client.query('create index on roster_role (user_sid)');
  await client.query('analyze roster_role');
  if (what === 'records') for (const statement of settleUsers) await run(statement);
  await run(wantedGroupMembers);
  for (const each of settleMembers(
    'group_member',
    'group_members',
    'group_member_id',
    'group_id',
    'group_role',
  ))
    await run(each);
  await run(wantedClassMembers);
  for (const each of settleMembers(
    'class_member',
    'class_members',
    'class_member_id',
    'class_id',
    'class_role',
  ))
    await run(each);
}
