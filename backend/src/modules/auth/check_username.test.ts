import { uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSql } from '../../db/run_sql';
import { stored } from '../../db/stored_id';
import type { TenantContext } from '../../procedures/context';
import { buildApp, buildSchool } from '../../test/build_app';
import { readFromCommandLine } from '../audit/services/act_from_command_line.service';
import { composedUsernamesSql } from './composed_usernames_sql';
import { checkUsername } from './services/check_username.service';
import { invitePerson } from './services/invite_person.service';
import { setUsername } from './services/set_username.service';

let built: Awaited<ReturnType<typeof buildApp>>;
let school: Awaited<ReturnType<typeof buildSchool>>;
const people = 2_000;
beforeAll(async () => {
  built = await buildApp();
  school = await buildSchool(built.app.systemDb);
  await runSql(
    built.app.systemDb,
    `with people as (
       insert into users (tenant_id, user_id, name, status)
       select $1, uuidv7(), 'Pupil', 'active' from generate_series(1, ${people}) returning tenant_id, user_id)
     insert into user_contacts (tenant_id, user_id, username)
     select tenant_id, user_id, 'Pupil' || row_number() over () from people`,
    [uuidFromId('tenant', school.tenantId)],
  );
  // Only its owner may.
  const owner = new pg.Client({ connectionString: built.url });
  await owner.connect();
  await owner.query('analyze user_contacts');
  await owner.end();
});
afterAll(() => built.close());

/** How many contacts the open transaction has read. */
async function contactsRead(db: TenantContext['db']): Promise<number> {
  const [row] = await runSql<{ read: number }>(
    db,
    `select coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::float8 as read
     from pg_stat_xact_user_tables where relname = 'user_contacts'`,
  );
  return row?.read ?? 0;
}

test('whether a user name is free is looked up by the index, whoever asks', async () => {
  const { app } = built;
  const { systemDb } = app;
  await systemDb.$transaction(async () => {
    await checkUsername(systemDb, school.tenantId, 'nobody');
    await expect(checkUsername(systemDb, school.tenantId, 'pupil7')).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    expect(await contactsRead(systemDb)).toBeLessThan(10);
  });
  await readFromCommandLine(app, school.tenantId, null, async (ctx) => {
    const context = { ...ctx, app, logger: app.logger };
    const person = { name: 'Bo', username: 'bo', groupId: school.school, role: 'student' as const };
    const { userId } = await invitePerson(context, person);
    await setUsername(context, { userId, username: 'bo.n' });
    await expect(setUsername(context, { userId, username: 'pupil8' })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    expect(await contactsRead(ctx.db)).toBeLessThan(people / 2);
  });
});

test('user names of before are found by how they are typed, where nobody else has that', async () => {
  const { systemDb } = built.app;
  const named = async (username: string) => {
    const userId = await school.addPerson('student');
    await systemDb.userContacts.findBy(stored({ tenantId: school.tenantId, userId })).update({ username });
    return () => systemDb.userContacts.findBy(stored({ tenantId: school.tenantId, userId })).get('username');
  };
  const [zoe, max, ina, double] = [
    await named('zoe\u0301'),
    await named('m\u00e1x'),
    await named('ina'),
    await named('ma\u0301x'),
  ];
  await runSql(systemDb, composedUsernamesSql);
  expect([await zoe(), await max(), await ina(), await double()]).toEqual([
    'zo\u00e9',
    'm\u00e1x',
    'ina',
    'ma\u0301x',
  ]);
});
