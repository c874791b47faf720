import { uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemRole } from '../../db/base_table';
import { buildApp, buildSchool } from '../../test/build_app';
import { placements } from './placements';
import { withHeldPlacing } from './with_held_placing';

let built: Awaited<ReturnType<typeof buildApp>>;
let client: pg.Client;
beforeAll(async () => {
  built = await buildApp();
  client = new pg.Client({ connectionString: built.url, options: `-c role=${systemRole}` });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await built.close();
});

/** What a term does to a school, in statements that place the same people again and again. */
const writes = (people: number, groupUuid: string) => [
  `insert into classes (tenant_id, class_id, group_id, name)
    select $1, uuidv7(), '${groupUuid}', 'Course ' || n from generate_series(1, 40) n`,
  `insert into users (tenant_id, user_id, name, status)
    select $1, uuidv7(), 'Newcomer ' || n, 'active' from generate_series(1, ${people}) n`,
  `insert into user_contacts (tenant_id, user_id, username)
    select $1, user_id, replace(name, ' ', '') from users where tenant_id = $1 and name like 'Newcomer %'`,
  `insert into group_members (tenant_id, group_member_id, group_id, user_id, role)
    select $1, uuidv7(), '${groupUuid}', user_id, 'student' from users where tenant_id = $1 and name like 'Newcomer %'`,
  `insert into class_members (tenant_id, class_member_id, class_id, user_id, role)
    select $1, uuidv7(), class_id, user_id, 'student' from classes c join users u using (tenant_id)
    where tenant_id = $1 and u.name like 'Newcomer %' and c.name like 'Course %'
      and hashtext(c.name || u.name) % 20 = 0`,
  `update users set name = name || '!' where tenant_id = $1 and name like 'Newcomer %7'`,
  `update users set deleted_at = now() where tenant_id = $1 and name like 'Newcomer %3'`,
  `update classes set deleted_at = now() where tenant_id = $1 and name like 'Course %4'`,
  `delete from class_members m using users u where m.tenant_id = $1 and u.tenant_id = $1 and u.user_id = m.user_id
    and u.name like 'Newcomer %5'`,
  `update classes set group_id = (select group_id from groups where tenant_id = $1 and group_id <> '${groupUuid}' order by name limit 1)
    where tenant_id = $1 and name like 'Course %6'`,
];

async function buildTerm(people: number) {
  const school = await buildSchool(built.app.systemDb);
  const teacher = await school.addPerson('teacher');
  await school.addClass(teacher, [await school.addPerson('student')]);
  const tenant = [uuidFromId('tenant', school.tenantId)];
  const write = async () => {
    for (const sql of writes(people, uuidFromId('group', school.district))) await client.query(sql, tenant);
  };
  return { tenantId: school.tenantId, write };
}

/** How many entries, rows and scopes there are of each table: ids differ from school to school. */
async function countEntries(tenantId: TenantId) {
  const { rows } = await client.query(
    `select tbl, del, count(*)::int, count(distinct row_id)::int as rows, count(distinct scope)::int as scopes
    from sync_entry where tenant_id = $1 group by 1, 2 order by 1, 2`,
    [uuidFromId('tenant', tenantId)],
  );
  return rows.filter(({ del }) => !del);
}

/** Places every row anew, and tells how many entries that put right. */
async function countMisplaced(tenantId: TenantId): Promise<number> {
  await client.query('set role none');
  await client.query('begin');
  for (const { table, key } of Object.values(placements)) {
    await client.query(
      `select sync.place_${table}(array_agg(tenant_id), array_agg(${key})) from ${table} where tenant_id = $1
      having count(*) > 0`,
      [uuidFromId('tenant', tenantId)],
    );
  }
  const { rows } = await client.query<{ n: number }>(
    'select count(*)::int n from sync_entry where xid = pg_current_xact_id()',
  );
  await client.query('rollback');
  await client.query(`set role ${systemRole}`);
  return rows[0]?.n ?? 0;
}

test.each([60, 2_500])(
  '%i people placed at the end stand where they would have been placed at once',
  async (people) => {
    const [atOnce, held] = [await buildTerm(people), await buildTerm(people)];
    await atOnce.write();
    await client.query('begin');
    await withHeldPlacing(client, async () => {
      await held.write();
      expect(await countEntries(held.tenantId)).not.toEqual(await countEntries(atOnce.tenantId));
    });
    await client.query('commit');
    expect(await countEntries(held.tenantId)).toEqual(await countEntries(atOnce.tenantId));
    expect(await countMisplaced(held.tenantId)).toBe(0);
  },
);

test('a membership that comes back under its id counts on from its tombstone, also when placing is held', async () => {
  const school = await buildSchool(built.app.systemDb);
  const pupil = await school.addPerson('student');
  await school.addClass(await school.addPerson('teacher'), [pupil]);
  const values = [uuidFromId('tenant', school.tenantId), uuidFromId('user', pupil)];
  const { rows } = await client.query(
    'delete from class_members where tenant_id = $1 and user_id = $2 returning *',
    values,
  );
  await client.query('begin');
  await withHeldPlacing(client, async () => {
    await client.query(
      `insert into class_members select (jsonb_populate_record(null::class_members, $1)).*`,
      [JSON.stringify(rows[0])],
    );
  });
  await client.query('commit');
  const entries = await client.query('select distinct rev::int, del from sync_entry where row_id = $1', [
    rows[0]?.class_member_id,
  ]);
  expect(entries.rows).toEqual([{ rev: 2, del: false }]);
});

test('what goes back to a savepoint is not placed, and what stays is', async () => {
  const { tenantId, district } = await buildSchool(built.app.systemDb);
  const make = (name: string) =>
    client.query(
      'insert into classes (tenant_id, class_id, group_id, name) values ($1, uuidv7(), $2, $3) returning class_id as id',
      [uuidFromId('tenant', tenantId), uuidFromId('group', district), name],
    );
  const ids: string[] = [];
  await client.query('begin');
  await withHeldPlacing(client, async () => {
    for (const name of ['Stays', 'Goes', 'Stays too']) {
      await client.query('savepoint one');
      const { rows } = await make(name);
      if (name === 'Goes') await client.query('rollback to savepoint one');
      ids.push(rows[0]?.id);
    }
  });
  await client.query('commit');
  const { rows } = await client.query(
    'select distinct row_id as id from sync_entry where row_id = any ($1)',
    [ids],
  );
  expect(rows.map(({ id }) => id).sort()).toEqual([ids[0], ids[2]].sort());
  expect(await countMisplaced(tenantId)).toBe(0);
});

test('only the system may hold placing back', async () => {
  await client.query('set role rapt_app');
  await expect(client.query('select sync.hold_placing()')).rejects.toThrow('permission denied');
  await client.query(`set role ${systemRole}`);
});

test('who makes tables, triggers and types of a session under our names gets nothing done by the owner', async () => {
  const school = await buildSchool(built.app.systemDb);
  await school.addPerson('student');
  const tenant = uuidFromId('tenant', school.tenantId);
  const attempt = async (name: string, statements: string[]) => {
    const app = new pg.Client({ connectionString: built.url, options: '-c role=rapt_app' });
    await app.connect();
    try {
      await app.query('create temp table loot (who text); grant all on loot to public');
      await app.query('begin');
      await app.query(`select set_config('rapt.tenant_id', $1, true)`, [tenant]);
      for (const sql of statements) await app.query(sql);
      const write = `update users set deleted_at = now() where tenant_id = $1`;
      await app.query(write, [tenant]).then(
        () => app.query('commit'),
        () => app.query('rollback'),
      );
      return { name, loot: (await app.query('select who from loot')).rows };
    } finally {
      await app.end();
    }
  };
  const noHeld = (table: string) => `create temp table ${table} (like public.sync_entry)`;
  const steal = 'begin insert into pg_temp.loot values (current_user); return';
  const tries = [
    await attempt('a table with a trigger', [
      'create temp table sync_held (tbl smallint, tenant_id uuid, row_id uuid, fresh boolean)',
      'grant all on sync_held to public',
      `create function pg_temp.steal() returns trigger language plpgsql as $$ ${steal} new; end $$`,
      'create trigger steal before insert on sync_held for each row execute function pg_temp.steal()',
      `select set_config('sync.placing', 'held', true)`,
    ]),
    await attempt('a type with a check', [
      `create function pg_temp.steal() returns boolean language plpgsql as $$ ${steal} true; end $$`,
      'create domain pg_temp.uuid as pg_catalog.uuid check (pg_temp.steal())',
    ]),
    await attempt('no table at all', [
      noHeld('sync_given'),
      `select set_config('sync.placing', 'held', true)`,
    ]),
  ];
  for (const { name, loot } of tries) expect(loot, name).toEqual([]);
  const placed = await client.query(
    'select count(*)::int n from users where tenant_id = $1 and deleted_at is not null',
    [tenant],
  );
  // The second one could do as it wanted, but as itself; the others were refused.
  expect(placed.rows).toEqual([{ n: 1 }]);
});
