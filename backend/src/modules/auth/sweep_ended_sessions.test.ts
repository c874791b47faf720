import { newId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSql } from '../../db/run_sql';
import { orchidQuery } from '../../events/orchid_query';
import { sweepRecords } from '../../events/sweep_records';
import { buildApp, buildSchool } from '../../test/build_app';
import { sweepEndedSessions } from './services/sweep_ended_sessions.service';

let built: Awaited<ReturnType<typeof buildApp>>;
beforeAll(async () => {
  built = await buildApp();
});
afterAll(() => built.close());

test('sessions that are over are deleted, and those that stand are not', async () => {
  const { systemDb } = built.app;
  const { addPerson, tenantId } = await buildSchool(systemDb);
  const userId = await addPerson('teacher');
  await systemDb.authUsers.create({
    id: userId,
    tenantId,
    name: 'Somebody',
    email: 'somebody@school.example',
  });
  const now = Date.now();
  const hour = 3_600_000;
  const add = async (
    deviceContext: 'personal' | 'shared',
    expiresIn: number,
    usedAgo: number,
    age: number,
  ) => {
    const id = newId('authsession');
    await systemDb.authSessions.create({
      id,
      userId,
      token: id,
      deviceContext,
      expiresAt: now + expiresIn,
      updatedAt: now - usedAgo,
      createdAt: now - age,
    });
    return id;
  };
  const standing = [
    await add('personal', hour, 20 * hour, 24 * hour),
    await add('shared', hour, hour / 4, 24 * hour),
  ];
  await add('personal', -hour, hour, 24 * hour);
  await add('shared', hour, 3 * hour, 24 * hour);
  await add('personal', hour, hour, 91 * 24 * hour);
  expect(await sweepEndedSessions(systemDb)).toBe(3);
  expect((await systemDb.authSessions.pluck('id')).sort()).toEqual(standing.sort());
  expect(await sweepEndedSessions(systemDb)).toBe(0);
});

test('slots of cron jobs are deleted after a day', async () => {
  const { systemDb } = built.app;
  for (const age of ['2 days', '1 hour']) {
    await runSql(
      systemDb,
      `insert into cron_slots (job_name, slot, claimed_by) values ('a', now() - interval '${age}', 'x')`,
    );
  }
  await sweepRecords(orchidQuery(systemDb));
  expect(await runSql(systemDb, 'select 1 from cron_slots')).toHaveLength(1);
});
