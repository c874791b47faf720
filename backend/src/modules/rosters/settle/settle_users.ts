import { mine, type RunSql, saidOf } from './settle_sql';

export const guardians = `('guardian', 'parent', 'relative')`;
const placeholder = (id: string) => `${id} || '@placeholder.invalid'`;

/** People of whom the run says something, by themselves or by a role. */
const people = [
  `create temp table roster_person on commit drop as
  select sourced_id as user_sid from roster_op where entity = 'user'
  union select said->>'user' from ${saidOf('role')} k`,
  'create unique index on roster_person (user_sid)',
  'analyze roster_person',
  // A person's roles: those on the user's row (1.1) and those of the roles file (1.2).
  `create temp table roster_role on commit drop as
  select p.user_sid, x->>'role' as role from roster_person p join public.external_refs r on r.sourced_id = p.user_sid
    cross join jsonb_array_elements(r.data->'roles') x
  where ${mine} and r.entity = 'user' and r.ended_at is null
  union all
  select p.user_sid, r.data->>'role' from roster_person p join public.external_refs r on r.person_sourced_id = p.user_sid
  where ${mine} and r.entity = 'role' and r.ended_at is null and r.data ? 'role'`,
  'create index on roster_role (user_sid)',
  'analyze roster_role',
];

/** Where the person `c` belongs by memberships, as `p.role` and `p.path`; looked up for each candidate, never joined. */
const belongings = `(select b.role, (select x.path from public.groups x where x.tenant_id = $1 and x.group_id = b.group_id) as path
    from (
      select m.role::text, m.group_id from public.group_members m where m.tenant_id = $1 and m.user_id = c.user_id
      union all
      select m.role::text, (select x.group_id from public.classes x where x.tenant_id = $1 and x.class_id = m.class_id)
      from public.class_members m where m.tenant_id = $1 and m.user_id = c.user_id
    ) b) p`;

/**
 * Links newcomers to people who are here already. Never somebody this source has known, never upward in power, and
 * nobody who also belongs elsewhere: one school's feed must not rename or suspend another school's teacher. Of
 * whoever belongs nowhere (a teacher in the holidays, when all enrolments are closed) only a source at the top may
 * say that it is them; classes that are over count as well, for the same reason. Where one row fits several people,
 * or one person several rows, nothing is guessed, and the row is named.
 * @param field of a newcomer's record, by which they are found, with its name in a feed
 * @param found joins whom we know by it, as `u`
 */
const linkBy = (field: 'master' | 'email', called: string, found: string) => `with wanting as (
    select r.sourced_id, r.data->>'${field}' key, exists (select from roster_role k where k.user_sid = r.sourced_id
      and k.role <> 'student' and k.role not in ${guardians}) staff
    from roster_person p join public.external_refs r on r.sourced_id = p.user_sid
    where ${mine} and r.entity = 'user' and r.internal_id is null and r.ended_at is null and r.data ? '${field}'
  ), candidate as (
    select w.sourced_id, w.staff, u.user_id, count(*) over (partition by w.sourced_id) as people,
      count(*) over (partition by u.user_id) as newcomers
    from wanting w ${found}
  ), linked as (
    update public.external_refs r set internal_id = c.user_id from candidate c
    cross join (select path, parent_group_id is null as top from public.groups where tenant_id = $1 and group_id = $3) root
    where ${mine} and r.entity = 'user' and r.sourced_id = c.sourced_id and c.people = 1 and c.newcomers = 1
      and not exists (select from public.external_refs x where x.tenant_id = $1 and x.roster_source_id = $2
        and x.entity = 'user' and x.internal_id = c.user_id)
      and (select coalesce(bool_and(p.path <@ root.path and p.role not in ('system_admin', 'group_admin')
        and (p.role <> 'teacher' or c.staff)), root.top) from ${belongings})
  )
  insert into roster_issue (entity, line, field, code, rejected, sentence)
  select distinct 'user', o.row_number, '${called}', 'ambiguous', false,
    'The ${called} fits several people or several rows, so nobody was linked by it.'
  from candidate c left join roster_op o on o.entity = 'user' and o.sourced_id = c.sourced_id
  where c.people > 1 or c.newcomers > 1`;

/** A master identifier counts only as another source of the tenant gives it now. */
const linkByMaster = linkBy(
  'master',
  'userMasterIdentifier',
  `join (
      select distinct x.data->>'master' as key, x.internal_id as user_id from public.external_refs x
      where x.tenant_id = $1 and x.roster_source_id <> $2 and x.entity = 'user' and x.ended_at is null
        and x.internal_id is not null and x.data ? 'master'
    ) k on k.key = w.key join public.users u on u.tenant_id = $1 and u.user_id = k.user_id and u.deleted_at is null`,
);

const linkByEmail = linkBy(
  'email',
  'email',
  `join public.user_contacts k on k.tenant_id = $1 and k.email = w.key and k.deleted_at is null
    join public.auth_users a on a.id = k.user_id and a.email_verified
    join public.users u on u.tenant_id = $1 and u.user_id = k.user_id and u.deleted_at is null`,
);

const newcomers = [
  // Guardians are kept as records; nobody gets an account for being somebody's parent.
  `update public.external_refs r set internal_id = uuidv7() from roster_person p
  where ${mine} and r.entity = 'user' and r.sourced_id = p.user_sid and r.internal_id is null and r.ended_at is null and (
    not exists (select from roster_role k where k.user_sid = r.sourced_id)
    or exists (select from roster_role k where k.user_sid = r.sourced_id and k.role not in ${guardians}))`,
];

const isAdministrator = (person: string) => `exists (select from public.group_members m where m.tenant_id = $1
      and m.user_id = ${person} and m.role in ('system_admin', 'group_admin') and m.roster_source_id is distinct from $2)`;
const isKept = 'exists (select from roster_kept q where q.id = r.internal_id)';

/**
 * Administrators whom this source has not made: their name, sign-in and status are not its to change, or whoever
 * keeps a school system would only have to enter an address to be one of them, or a date to shut one out.
 */
const administrators = [
  `create temp table roster_kept on commit drop as
  select distinct r.internal_id as id from roster_op o join public.external_refs r on r.sourced_id = o.sourced_id
  where ${mine} and r.entity = 'user' and o.entity = 'user' and o.op <> 'add' and ${isAdministrator('r.internal_id')}`,
  `insert into roster_issue (entity, line, field, code, rejected, sentence)
  select 'user', o.row_number, null, 'administrator', false,
    'This person is an administrator here, so their name, sign-in and status stay as they are. Change them by hand.'
  from roster_op o join public.external_refs r on r.sourced_id = o.sourced_id
  where ${mine} and r.entity = 'user' and o.entity = 'user' and ${isKept} and (o.op = 'end'
    or (o.before - array['roles', 'agents', 'master']) is distinct from (o.after - array['roles', 'agents', 'master']))`,
];

/** Another record of the same person that still lets them in. */
const otherEnabled = `exists (select from roster_twin t join public.external_refs x on x.tenant_id = $1
        and x.roster_source_id = $2 and x.entity = 'user' and x.sourced_id = t.sourced_id and x.ended_at is null
      where t.internal_id = r.internal_id and t.sourced_id <> r.sourced_id and (x.data->>'enabled')::boolean)`;

/** Another record of the same person, first by its id, that says what they are called. */
const firstSays = `exists (select from roster_twin t join public.external_refs x on x.tenant_id = $1
        and x.roster_source_id = $2 and x.entity = 'user' and x.sourced_id = t.sourced_id and x.ended_at is null
      where t.internal_id = r.internal_id and t.sourced_id < r.sourced_id)`;

/** No record of the person is left that would let them in, in this source or another. */
const isGone = `o.op = 'end' and not exists (select from roster_borrowed b where b.sourced_id = o.sourced_id)
    and not exists (select from public.external_refs x where x.tenant_id = $1 and x.entity = 'user'
      and x.internal_id = r.internal_id and x.ended_at is null)`;
const isShutOut = `o.op <> 'end' and not (r.data->>'enabled')::boolean and not ${otherEnabled}`;
/** Only a suspension by a roster is lifted by one: whoever was suspended by hand stays so. */
const wasShutOut = `exists (select from public.external_refs x where x.tenant_id = $1 and x.entity = 'user'
        and x.internal_id = r.internal_id and x.suspended_person)`;

const accounts = [
  `insert into public.users as u (tenant_id, user_id, name, status)
  select $1, r.internal_id, r.data->>'name', (case when (r.data->>'enabled')::boolean then 'active' else 'suspended' end)::user_status
  from roster_person p join public.external_refs r on r.sourced_id = p.user_sid
  where ${mine} and r.entity = 'user' and r.ended_at is null and r.internal_id is not null
    and not exists (select from public.users k where k.tenant_id = $1 and k.user_id = r.internal_id)`,
  // Before anybody is suspended: afterwards nobody knows who was so already.
  // Whether they are is asked for each of the few: joined, it is where a plan begins, at everybody of the school.
  `update public.external_refs r set suspended_person = true from roster_op o
  where ${mine} and r.entity = 'user' and o.entity = 'user' and r.sourced_id = o.sourced_id
    and case when (${isGone}) or (${isShutOut}) then not ${isKept}
      and (select u.status <> 'suspended' from public.users u where u.tenant_id = $1 and u.user_id = r.internal_id) end`,
  `update public.users u set name = case when ${firstSays} then u.name else r.data->>'name' end, updated_at = now(), status = (case
      when not (r.data->>'enabled')::boolean then case when ${otherEnabled} then u.status::text else 'suspended' end
      when (o.op <> 'change' or not (o.before->>'enabled')::boolean) and (u.status <> 'suspended' or ${wasShutOut})
        then 'active' else u.status::text end)::user_status
  from roster_op o join public.external_refs r on r.entity = 'user' and r.sourced_id = o.sourced_id
  where ${mine} and o.entity = 'user' and (o.op in ('change', 'reactivate') or (o.op = 'add' and ${isShutOut}))
    and u.tenant_id = $1 and u.user_id = r.internal_id and not ${isKept}
    and not exists (select from roster_twin t join roster_op b on b.entity = 'user' and b.op in ('change', 'reactivate')
      and b.sourced_id = t.sourced_id where t.internal_id = r.internal_id and t.sourced_id < r.sourced_id)`,
  `update public.users u set status = 'suspended', updated_at = now() from public.external_refs r
  join roster_op o on o.entity = 'user' and o.sourced_id = r.sourced_id
  where ${mine} and r.entity = 'user' and u.tenant_id = $1 and u.user_id = r.internal_id and u.status <> 'suspended'
    and not ${isKept} and ${isGone}`,
  `update public.external_refs x set suspended_person = false from roster_op o, public.external_refs r, public.users u
  where ${mine} and r.entity = 'user' and o.entity = 'user' and r.sourced_id = o.sourced_id and u.tenant_id = $1
    and u.user_id = r.internal_id and u.status <> 'suspended' and x.tenant_id = $1 and x.entity = 'user'
    and x.internal_id = r.internal_id and x.suspended_person`,
];

/**
 * Who shall have which address and name to sign in with. Somebody who has it already comes before a newcomer, and
 * of two newcomers the first by id gets it.
 */
const wantedContacts = [
  `create temp table roster_contact on commit drop as
  select r.internal_id id, r.sourced_id, o.row_number, w.email, w.username,
    row_number() over (partition by w.email order by (k.email = w.email) desc nulls last, r.sourced_id) as e,
    row_number() over (partition by w.username order by (k.username = w.username) desc nulls last, r.sourced_id) as n
  from roster_op o join public.external_refs r on r.entity = 'user' and r.sourced_id = o.sourced_id
  cross join lateral (select r.data->>'email' as email, r.data->>'username' as username) w
  left join public.user_contacts k on k.tenant_id = $1 and k.user_id = r.internal_id
  where ${mine} and o.entity = 'user' and o.op <> 'end' and r.internal_id is not null and not ${isKept} and (k.user_id is null
    or (o.op = 'reactivate' and (k.email, k.username) is distinct from (w.email, w.username))
    or (o.before is not null and (o.before->>'email', o.before->>'username') is distinct from (w.email, w.username)))`,
  'create index on roster_contact (id)',
  `delete from roster_contact w using roster_contact x
  where w.id in (select internal_id from roster_twin) and x.id = w.id and x.sourced_id < w.sourced_id`,
  'create index on roster_contact (email)',
  'create index on roster_contact (username)',
  'analyze roster_contact',
];

/**
 * Takes an address or name from whoever gets another one in this run, so that a swap finds both free, and from
 * people of this source who have left: a school gives out their addresses again, and the old account must not be
 * reached by them.
 */
const free = (column: 'email' | 'username', rank: string, then: string) => `with freed as (
    update public.user_contacts k set ${column} = null, updated_at = now() from roster_contact w
    where k.tenant_id = $1 and k.${column} = w.${column} and w.${rank} = 1 and k.user_id <> w.id
      and not ${isAdministrator('k.user_id')} and (exists (select from roster_contact x where x.id = k.user_id and x.${column} is distinct from k.${column})
      or (exists (select from public.external_refs r where ${mine} and r.entity = 'user' and r.internal_id = k.user_id)
        and not exists (select from public.external_refs r where r.tenant_id = $1 and r.entity = 'user'
          and r.internal_id = k.user_id and r.ended_at is null)))
    returning k.user_id
  ) ${then}`;

const contacts = [
  free(
    'email',
    'e',
    `update public.auth_users a set email = ${placeholder('a.id')}, email_verified = false, updated_at = now()
    from freed where a.id = freed.user_id`,
  ),
  free('username', 'n', 'select 1 from freed'),
  `insert into public.user_contacts as c (tenant_id, user_id, email, username)
  select $1, w.id,
    case when w.e = 1 and e.user_id is null then w.email else mine.email end,
    case when w.n = 1 and n.user_id is null then w.username else mine.username end
  from roster_contact w left join public.user_contacts mine on mine.tenant_id = $1 and mine.user_id = w.id
  left join public.user_contacts e on e.tenant_id = $1 and e.email = w.email and e.user_id <> w.id
  left join public.user_contacts n on n.tenant_id = $1 and n.username = w.username and n.user_id <> w.id
  on conflict (tenant_id, user_id) do update
    set email = excluded.email, username = excluded.username, updated_at = now()
    where (c.email, c.username) is distinct from (excluded.email, excluded.username)`,
  // The sign-in's own address is one of the whole installation, so it may be taken where the tenant's is not.
  `update public.auth_users a set email = ${placeholder('a.id')}, email_verified = false, updated_at = now()
  from roster_contact w join public.user_contacts k on k.tenant_id = $1 and k.user_id = w.id
  where a.id = w.id and a.email is distinct from k.email and a.email not like '%@placeholder.invalid'`,
  `update public.auth_users a set email = k.email, updated_at = now()
  from roster_contact w join public.user_contacts k on k.tenant_id = $1 and k.user_id = w.id
  where a.id = w.id and k.email is not null and a.email <> k.email
    and not exists (select from public.auth_users x where x.email = k.email)`,
  `insert into public.auth_users (id, tenant_id, name, email)
  select k.user_id, k.tenant_id, u.name,
    case when k.email is null or exists (select from public.auth_users a where a.email = k.email)
      then ${placeholder('k.user_id')} else k.email end
  from roster_contact w join public.user_contacts k on k.tenant_id = $1 and k.user_id = w.id
  join public.users u on u.tenant_id = $1 and u.user_id = w.id
  where not exists (select from public.auth_users a where a.id = k.user_id)`,
  ...(['email', 'username'] as const).map(
    (column) => `insert into roster_issue (entity, line, field, code, rejected, sentence)
    select 'user', w.row_number, '${column}', 'taken', false,
      'Somebody else has this ${column} already, so this person was left without it.'
    from roster_contact w join public.user_contacts k on k.tenant_id = $1 and k.user_id = w.id
    where w.${column} is not null and k.${column} is distinct from w.${column}`,
  ),
  'drop table roster_contact',
];

/** Brings people, and what they sign in with, to what the run says of them. */
export async function settleUsers(run: RunSql, matchesMasterIds: boolean): Promise<void> {
  const links = matchesMasterIds ? [linkByMaster, linkByEmail] : [linkByEmail];
  for (const statement of [
    ...people,
    ...links,
    ...newcomers,
    ...administrators,
    ...accounts,
    ...wantedContacts,
    ...contacts,
  ]) {
    await run(statement);
  }
}
