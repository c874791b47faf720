import { mine, type RunSql, saidOf } from './settle_sql';
import { guardians } from './settle_users';

const admins = `('administrator', 'principal', 'siteadministrator', 'districtadministrator', 'systemadministrator')`;

const open = (begin: string, end: string) =>
  `coalesce(${begin} <= t.day, true) and coalesce(${end} > t.day, true)`;

/** Pairs of organisation and person that the run touches, or all there are. */
const rolePairs = {
  all: `create temp table roster_pair on commit drop as
    select distinct x->>'org' as place_sid, r.sourced_id as user_sid
      from public.external_refs r cross join jsonb_array_elements(r.data->'roles') x where ${mine} and r.entity = 'user'
    union select r.place_sourced_id, r.person_sourced_id from public.external_refs r where ${mine} and r.entity = 'role'`,
  touched: `create temp table roster_pair on commit drop as
    select x->>'org' as place_sid, k.sourced_id as user_sid
      from ${saidOf('user')} k cross join jsonb_array_elements(k.said->'roles') x
    union select k.said->>'org', k.said->>'user' from ${saidOf('role')} k
    union select r.place_sourced_id, r.person_sourced_id from roster_op o
      join public.external_refs r on r.person_sourced_id = o.sourced_id
      where ${mine} and r.entity = 'role' and o.entity = 'user' and o.op <> 'change'
    union select r.place_sourced_id, r.person_sourced_id from roster_op o
      join public.external_refs r on r.place_sourced_id = o.sourced_id
      where ${mine} and r.entity = 'role' and o.entity = 'org' and o.op <> 'change'
    union select x->>'org', r.sourced_id from public.external_refs r cross join jsonb_array_elements(r.data->'roles') x
      join roster_op o on o.entity = 'org' and o.op <> 'change' and o.sourced_id = x->>'org'
      where ${mine} and r.entity = 'user' and exists (select from roster_op where entity = 'org' and op <> 'change')`,
};

/** Pairs of class and person. A session that moves moves everybody in its classes. */
const enrollmentPairs = {
  all: `create temp table roster_pair on commit drop as
    select distinct r.place_sourced_id as place_sid, r.person_sourced_id as user_sid
    from public.external_refs r where ${mine} and r.entity = 'enrollment'`,
  touched: `create temp table roster_pair on commit drop as
    with classes as (
      select sourced_id from roster_op where entity = 'class' and (op <> 'change'
        or before->'terms' is distinct from after->'terms')
      union select r.sourced_id from public.external_refs r cross join jsonb_array_elements_text(r.data->'terms') term
        join roster_op o on o.entity = 'session' and o.sourced_id = term
        where ${mine} and r.entity = 'class' and exists (select from roster_op where entity = 'session')
    )
    select k.said->>'class' as place_sid, k.said->>'user' as user_sid from ${saidOf('enrollment')} k
    union select r.place_sourced_id, r.person_sourced_id from classes c
      join public.external_refs r on r.place_sourced_id = c.sourced_id where ${mine} and r.entity = 'enrollment'
    union select r.place_sourced_id, r.person_sourced_id from roster_op o
      join public.external_refs r on r.person_sourced_id = o.sourced_id
      where ${mine} and r.entity = 'enrollment' and o.entity = 'user' and o.op <> 'change'`,
};

type Members = { table: string; key: string; place: string; role: string };
const ofGroups = { table: 'group_members', key: 'group_member_id', place: 'group_id', role: 'group_role' };
const ofClasses = { table: 'class_members', key: 'class_member_id', place: 'class_id', role: 'class_role' };

/** Somebody of whom two records tell has what either says, and the higher of two roles. */
const pairsOfTwins = `insert into roster_pair select p.place_sid, b.sourced_id from roster_pair p
  join roster_twin a on a.sourced_id = p.user_sid
  join roster_twin b on b.internal_id = a.internal_id and b.sourced_id <> a.sourced_id`;
const rank = (role: string) =>
  `coalesce(array_position(array['group_admin', 'teacher', 'student'], ${role}), 4)`;
const oneOfTwins = `delete from roster_wanted w using roster_wanted x
  where w.person in (select internal_id from roster_twin) and x.place = w.place and x.person = w.person
    and (${rank('x.role')}, x.ctid) < (${rank('w.role')}, w.ctid)`;

/** The pairs as rows of ours: the role the person is to have there today, null for none, beside the membership there is. */
const wantedOf = (
  placeEntity: 'org' | 'class',
  roles: string,
  { table, key, place }: Members,
) => `create temp table roster_wanted on commit drop as
  select o.internal_id as place, u.internal_id as person, w.role, m.${key} as member, m.role::text as had,
    coalesce(m.roster_source_id = $2, false) as ours
  from (select distinct place_sid, user_sid from roster_pair) p
  join public.external_refs o on o.tenant_id = $1 and o.roster_source_id = $2 and o.entity = '${placeEntity}'
    and o.sourced_id = p.place_sid and o.internal_id is not null
  join public.external_refs u on u.tenant_id = $1 and u.roster_source_id = $2 and u.entity = 'user'
    and u.sourced_id = p.user_sid and u.internal_id is not null
  left join (${roles}) w on w.place_sid = p.place_sid and w.user_sid = p.user_sid
    and o.ended_at is null and u.ended_at is null
  left join public.${table} m on m.tenant_id = $1 and m.${place} = o.internal_id and m.user_id = u.internal_id`;

/** Memberships the source made and no record of it speaks of any more: an enrolment names another class by now. */
const unspokenOf = ({
  table,
  key,
  place,
}: Members) => `insert into roster_wanted (place, person, member, had, ours)
  select m.${place}, m.user_id, m.${key}, m.role::text, true from public.${table} m
  where m.tenant_id = $1 and m.roster_source_id = $2
    and not exists (select from roster_wanted w where w.member = m.${key})`;

const groupRoles = `select k.place_sid, k.user_sid, case
    when bool_or(k.role in ${admins} and t.grants_admin) then 'group_admin'
    when bool_or(k.role <> 'student') then 'teacher' else 'student' end as role
  from (
    select x->>'org' as place_sid, r.sourced_id as user_sid, x->>'role' as role, x->>'begin' opens, x->>'end' closes
    from (select distinct user_sid from roster_pair) p join public.external_refs r on r.sourced_id = p.user_sid
      cross join jsonb_array_elements(r.data->'roles') x where ${mine} and r.entity = 'user' and r.ended_at is null
    union all
    select r.place_sourced_id, r.person_sourced_id, r.data->>'role', r.data->>'begin', r.data->>'end'
    from roster_pair p join public.external_refs r on r.place_sourced_id = p.place_sid and r.person_sourced_id = p.user_sid
    where ${mine} and r.entity = 'role' and r.ended_at is null
  ) k cross join roster_today t
  where k.role not in ${guardians} and ${open('k.opens', 'k.closes')} group by 1, 2`;

/** Membership is the union of a person's enrolments in a class that are open today; the term's window counts too. */
const classRoles = `select r.place_sourced_id as place_sid, r.person_sourced_id as user_sid, max(r.data->>'role') as role
  from roster_pair p join public.external_refs r on r.place_sourced_id = p.place_sid and r.person_sourced_id = p.user_sid
  cross join roster_today t
  left join roster_window w on w.place_sid = p.place_sid
  where ${mine} and r.entity = 'enrollment' and r.ended_at is null and r.data->>'role' in ('student', 'teacher')
    and ${open(`coalesce(r.data->>'begin', w.opens)`, `coalesce(r.data->>'end', w.closes)`)}
  group by 1, 2`;

/** From the first beginning to the last end of a class's terms. */
const windows = `create temp table roster_window on commit drop as
  select c.sourced_id as place_sid, min(s.data->>'begin') opens, max(s.data->>'end') closes
  from (select distinct place_sid from roster_pair) p
  join public.external_refs c on c.tenant_id = $1 and c.roster_source_id = $2 and c.entity = 'class'
    and c.sourced_id = p.place_sid
  cross join jsonb_array_elements_text(c.data->'terms') term
  join public.external_refs s on s.tenant_id = $1 and s.roster_source_id = $2 and s.entity = 'session'
    and s.sourced_id = term and s.ended_at is null
  group by 1`;

/** Adds, changes and removes only memberships this source made; those made by hand stay as they are. */
function bringTo({ table, key, place, role }: Members): string[] {
  const it = `m.tenant_id = $1 and m.${key} = w.member and m.roster_source_id = $2 and w.ours`;
  return [
    `delete from public.${table} m using roster_wanted w where ${it} and w.role is null`,
    `update public.${table} m set role = w.role::${role}, updated_at = now() from roster_wanted w
    where ${it} and w.role <> w.had and m.role::text <> w.role`,
    // In the order of the place: its rows, its index entries and the row it refers to lie together.
    `insert into public.${table} (tenant_id, ${key}, ${place}, user_id, role, roster_source_id)
    select $1, uuidv7(), w.place, w.person, w.role::${role}, $2 from roster_wanted w
    where w.role is not null and w.member is null order by w.place, w.person
    on conflict (tenant_id, ${place}, user_id) do nothing`,
    'drop table roster_wanted',
    'drop table roster_pair',
  ];
}

/**
 * Brings memberships to what the source says today: those the run touches, or all of them, since windows open and
 * close as days pass.
 */
export async function settleMembers(run: RunSql, which: 'touched' | 'all', shared: boolean): Promise<void> {
  const twins = (statement: string) => (shared ? [statement] : []);
  // Pairs that the run touches are those it spoke of before as well; all there are are those of today.
  const unspoken = (members: Members) => (which === 'all' ? [unspokenOf(members)] : []);
  const statements = [
    rolePairs[which],
    ...twins(pairsOfTwins),
    'analyze roster_pair',
    wantedOf('org', groupRoles, ofGroups),
    ...twins(oneOfTwins),
    ...unspoken(ofGroups),
    'analyze roster_wanted',
    ...bringTo(ofGroups),
    enrollmentPairs[which],
    ...twins(pairsOfTwins),
    'analyze roster_pair',
    windows,
    'create unique index on roster_window (place_sid)',
    'analyze roster_window',
    wantedOf('class', classRoles, ofClasses),
    ...twins(oneOfTwins),
    ...unspoken(ofClasses),
    'analyze roster_wanted',
    ...bringTo(ofClasses),
    'drop table roster_window',
  ];
  for (const statement of statements) await run(statement);
}
