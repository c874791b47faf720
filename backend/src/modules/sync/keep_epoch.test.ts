import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildApp, buildSchool } from '../../test/build_app';
import { SyncDevice } from '../../test/sync_device';

let built: Awaited<ReturnType<typeof buildApp>>;
let school: Awaited<ReturnType<typeof buildSchool>>;
let owner: pg.Client;
beforeAll(async () => {
  built = await buildApp();
  school = await buildSchool(built.app.systemDb);
  owner = new pg.Client({ connectionString: built.url });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await built.close();
});

async function keepEpoch(): Promise<string> {
  const { rows } = await owner.query('select sync.keep_epoch() as epoch');
  return rows[0].epoch;
}

test('a database that was read in elsewhere begins a new epoch, once, and browsers load what bears numbers from there', async () => {
  const teacher = await school.addPerson('teacher');
  const pupil = await school.addPerson('student');
  await school.addClass(teacher, [pupil]);
  const device = new SyncDevice(built.as(pupil, school.tenantId));
  await device.pull();
  expect(device.of('classes')).toHaveLength(1);
  // This database is a copy of the tests' template, as one made from a dump is of the one that was dumped. The cluster
  // it came from had given out more numbers than this one has.
  await owner.query(`update sync_entry set xid = '9000000000000' where scope like 'class:%'`);
  const late = new SyncDevice(built.as(pupil, school.tenantId));
  await late.pull();
  expect(late.of('classes')).toHaveLength(0);

  const { rows: before } = await owner.query('select epoch, place from sync_epoch');
  const epoch = await keepEpoch();
  expect(epoch).not.toBe(before[0].epoch);
  expect(await keepEpoch()).toBe(epoch);

  for (const one of [device, late]) {
    await one.pull();
    expect(one.frames).toEqual([{ kind: 'reset', reason: 'epoch' }]);
    one.begin();
    await one.pull();
    expect(one.of('classes')).toHaveLength(1);
  }
});

test.each([
  ['another cluster', `'1' || place`],
  ['another timeline of the log', `regexp_replace(place, '/[0-9A-F]{8}/', '/000000FF/')`],
  ['another database of the cluster', `regexp_replace(place, '/([0-9]+)/([0-9]+)$', '/1/\\2')`],
  ['a table that was made before this one', `regexp_replace(place, '[0-9]+$', '1')`],
])('an epoch that was begun in %s ends', async (_, place) => {
  const epoch = await keepEpoch();
  const changed = await owner.query(`update sync_epoch set place = ${place} where place <> ${place}`);
  expect(changed.rowCount).toBe(1);
  expect(await keepEpoch()).not.toBe(epoch);
});

test('an epoch from before places were kept goes on', async () => {
  const epoch = await keepEpoch();
  await owner.query('update sync_epoch set place = null');
  expect(await keepEpoch()).toBe(epoch);
});

test('whoever put files back says so, and nobody says it who only serves a school', async () => {
  const epoch = await keepEpoch();
  const { rows } = await owner.query('select sync.keep_epoch(true) as epoch');
  expect(rows[0].epoch).not.toBe(epoch);
  const app = new pg.Client({ connectionString: built.url, options: '-c role=rapt_app' });
  await app.connect();
  await expect(app.query('select sync.keep_epoch(true)')).rejects.toThrow('permission denied');
  await app.end();
});
