import { createHmac, randomBytes } from 'node:crypto';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import pg from 'pg';
import { connectDb } from '../../backend/src/db/db';
import { migrate } from '../../backend/src/db/migrate';
import { storedId } from '../../backend/src/db/stored_id';
import { sessionCookieName } from '../../backend/src/modules/auth/session_cookie';

/** A signed-in pupil; ids are uuids. */
export type Reader = { cookie: string; classId: string; userId: string };

const pupilsOfAClass = 30;

const pupilsSql = `
  with pupils as (
    select n, uuidv7() as user_id from generate_series(1, $3::int) n
  ), rooms as (
    select n, uuidv7() as class_id from generate_series(0, ($3::int - 1) / ${pupilsOfAClass}) n
  ), class_rows as (
    insert into classes (tenant_id, class_id, group_id, name)
    select $1, class_id, $2, 'Class ' || n from rooms
  ), user_rows as (
    insert into users (tenant_id, user_id, name, status) select $1, user_id, 'Pupil ' || n, 'active' from pupils
  )
  select p.user_id::text as "userId", r.class_id::text as "classId", 'bench-token-' || p.n as token
  from pupils p join rooms r on r.n = (p.n - 1) / ${pupilsOfAClass} order by p.n`;

const membersSql = `
  with given as (
    select * from unnest($2::uuid[], $3::uuid[], $4::text[]) g(user_id, class_id, token)
  ), auth_rows as (
    insert into auth_users (id, tenant_id, name, email, email_verified)
    select user_id, $1, 'Pupil', user_id || '@bench.example', true from given returning id
  ), session_rows as (
    insert into auth_sessions (id, user_id, token, expires_at, device_context)
    select uuidv7(), g.user_id, g.token, now() + interval '20 days', 'personal' from given g join auth_rows a on a.id = g.user_id
  )
  insert into class_members (tenant_id, class_member_id, class_id, user_id, role)
  select $1, uuidv7(), class_id, user_id, 'student' from given`;

/** A school of classes of 30 pupils who are signed in, each in one class. */
export async function seedReaders(databaseUrl: string, count: number) {
  await migrate(databaseUrl);
  const db = connectDb(databaseUrl, 'system', 1);
  const [tenantId, groupId] = [newId('tenant'), newId('group')];
  await db.tenants.create({ tenantId, name: 'Bench' });
  await db.groups.create({ tenantId, groupId, name: 'School', kind: 'school', path: 'a' });
  await db.$close();
  const secret = randomBytes(32).toString('hex');
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ userId: string; classId: string; token: string }>(pupilsSql, [
    storedId(tenantId),
    storedId(groupId),
    count,
  ]);
  await client.query(membersSql, [
    storedId(tenantId),
    rows.map(({ userId }) => userId),
    rows.map(({ classId }) => classId),
    rows.map(({ token }) => token),
  ]);
  await client.query('analyze');
  await client.end();
  const readers = rows.map(({ token, classId, userId }): Reader => {
    const signature = createHmac('sha256', secret).update(token).digest('base64');
    return { classId, userId, cookie: `${sessionCookieName}=${encodeURIComponent(`${token}.${signature}`)}` };
  });
  return { tenantId: storedId(tenantId), readers, secret };
}
