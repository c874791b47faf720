import { newId } from '@raptscallions/zod-schemas/rich_id';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storedId } from '../../db/stored_id';
import { buildApp, buildSchool } from '../../test/build_app';

let built: Awaited<ReturnType<typeof buildApp>>;
let school: Awaited<ReturnType<typeof buildSchool>>;

/** A school with so many classes, each of one pupil. */
async function load(rows: number): Promise<void> {
  built = await buildApp();
  school = await buildSchool(built.app.systemDb);
  // As it is when a school is loaded: what is known about the entries is from a time when there were a few.
  const owner = new pg.Client({ connectionString: built.url });
  await owner.connect();
  await owner.query('analyze sync_entry');
  await owner.end();
  const { tenantId } = school;
  const class_ = { tenantId, groupId: school.school, subject: 'Maths' };
  const classIds = Array.from({ length: rows }, () => newId('class'));
  const db = built.app.systemDb;
  await db.classes.createMany(classIds.map((classId, at) => ({ ...class_, classId, name: `Class ${at}` })));
  const userIds = Array.from({ length: rows }, () => newId('user'));
  await db.users.createMany(
    userIds.map((userId) => ({ tenantId, userId, name: 'Pupil', status: 'active' as const })),
  );
  await db.classMembers.createMany(
    classIds.map((classId, at) => ({
      tenantId,
      classMemberId: newId('classmember'),
      classId,
      userId: userIds[at] ?? newId('user'),
      role: 'student' as const,
    })),
  );
}

/** How many entries the triggers of a statement about one row read, in a session that began with one about many. */
async function entriesReadForOne(statement: string, many: number): Promise<number> {
  const client = new pg.Client({ connectionString: built.url });
  await client.connect();
  const readSoFar = async (): Promise<number> => {
    const { rows: found } = await client.query(
      `select coalesce(sum(idx_tup_fetch + seq_tup_read), 0)::int as read
       from pg_stat_xact_user_tables where relname = 'sync_entry'`,
    );
    return found[0].read;
  };
  const write = async (limit: number): Promise<number> => {
    await client.query('begin');
    const before = await readSoFar();
    const { rowCount } = await client.query(statement, [storedId(school.school), limit]);
    expect(rowCount).toBe(limit);
    const read = (await readSoFar()) - before;
    await client.query('rollback');
    return read;
  };
  try {
    expect(await write(many)).toBeGreaterThanOrEqual(many);
    return await write(1);
  } finally {
    await client.end();
  }
}

const some = `select class_id from classes where group_id = $1 limit $2`;

describe.each([
  [50, 20],
  [500, 100],
  [1_000, 500],
  [2_000, 250],
])('in a school of %i classes loaded just now, in a session that began with %i of them', (rows, many) => {
  beforeAll(() => load(rows));
  afterAll(() => built.close());

  test.each([
    ['changed', `update classes set subject = 'Art' where class_id in (${some})`],
    ['removed', `delete from class_members where class_id in (${some})`],
    [
      'moved',
      `update class_members m set user_id = (select u.user_id from users u where u.user_id <> m.user_id limit 1)
        where class_id in (${some})`,
    ],
  ])('a row that is %s looks up its own entries and no others', async (_, statement) => {
    expect(await entriesReadForOne(statement, many)).toBeLessThan(50);
  });
});
