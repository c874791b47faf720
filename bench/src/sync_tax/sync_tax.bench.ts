import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type pg from 'pg';
import { tenantSetting } from '../../../backend/src/db/base_table';
import { createSystemPool } from '../../../backend/src/db/create_system_pool';
import { connectDb } from '../../../backend/src/db/db';
import { migrate } from '../../../backend/src/db/migrate';
import { stored, storedIds } from '../../../backend/src/db/stored_id';
import { createBenchDatabase } from '../bench_database';
import { type Benchmark, median } from '../benchmark';

const classes = 2_000;
const writers = 8;
const roundMs = process.argv.includes('--long') ? 5_000 : 1_500;
const rounds = process.argv.includes('--long') ? 9 : 5;

type School = { tenantId: string; classIds: string[]; chatIds: string[]; userId: string };

/** One statement, and the values writer number `at` gives it for the `turn`-th time. */
type Load = {
  text: string;
  values(school: School, at: number, turn: number): unknown[];
  /** in a transaction that names its tenant, as every procedure writes, and not by itself */
  asProcedure?: true;
};

/**
 * Rows written a second with the triggers that keep `sync_entry`, and on the same tables without any. Sides take
 * turns; the durations of commits are what they are in production (fsync on).
 */
export const benchmark: Benchmark = {
  title: `Rows written a second by ${writers} writers over ${classes} classes`,
  peer: 'the same writes with the triggers switched off',
  target: 0.75,
  lowerIsBetter: false,
  async measure() {
    const database = await createBenchDatabase();
    await migrate(database.url);
    const school = await seed(database.url);
    const pool = createSystemPool(database.url, 'bench-tax', writers);
    const owner = createSystemPool(database.url, 'bench-owner', 1, '-c role=none');
    const rates: Record<string, number[]> = {};
    for (let round = 0; round <= rounds; round++) {
      for (const side of ['with', 'without']) {
        for (const table of ['classes', 'messages', 'users'])
          await owner.query(`alter table ${table} ${side === 'with' ? 'enable' : 'disable'} trigger user`);
        for (const [name, load] of Object.entries(loads)) {
          const begun = performance.now();
          const done = await Promise.all(
            Array.from({ length: writers }, (_, at) =>
              write([name, load], pool, school, begun + roundMs, at),
            ),
          );
          const rate = done.reduce((sum, rows) => sum + rows, 0) / ((performance.now() - begun) / 1_000);
          // The first round warms both up.
          if (round > 0) rates[`${name} ${side}`] = [...(rates[`${name} ${side}`] ?? []), rate];
        }
      }
    }
    await pool.end();
    await owner.end();
    await database.drop();
    const medianOf = (name: string) => Math.round(median(rates[name] ?? []));
    const rows = Object.keys(loads).map((writes) => {
      const [withSync, without] = [medianOf(`${writes} with`), medianOf(`${writes} without`)];
      return { writes, with: withSync, without, 'with / without': Number((withSync / without).toFixed(2)) };
    });
    const [single] = rows;
    return { rows, ours: single?.with ?? Number.NaN, theirs: single?.without ?? Number.NaN };
  },
};

/** Each writer has its own rows, so that nobody waits for a lock of another. */
const mine = (ids: string[], at: number) => ids.filter((_, index) => index % writers === at);

const changeClass: Load = {
  text: 'update classes set subject = $3 where tenant_id = $1 and class_id = $2',
  values: ({ tenantId, classIds }, at, turn) => [
    tenantId,
    classIds[(turn * writers + at) % classIds.length],
    `${turn}`,
  ],
};

const loads: Record<string, Load> = {
  'a class changed': changeClass,
  'a class changed, as a procedure does': { ...changeClass, asProcedure: true },
  'a message added': {
    text: `insert into messages (tenant_id, message_id, chat_session_id, user_id, seq, role, text)
      values ($1, uuidv7(), $2, $3, $4, 'user', 'What is a cell made of?')`,
    values: ({ tenantId, chatIds, userId }, at) => [tenantId, chatIds[at], userId, ++lastSeq],
  },
  '250 classes changed at once': {
    text: 'update classes set subject = $3 where tenant_id = $1 and class_id = any($2::uuid[])',
    values: ({ tenantId, classIds }, at, turn) => [tenantId, mine(classIds, at), `${turn}`],
  },
  '5,000 pupils added at once': {
    text: `insert into users (tenant_id, user_id, name, status)
      select $1, uuidv7(), 'Pupil ' || n, 'active' from generate_series(1, 5000) n`,
    values: ({ tenantId }) => [tenantId],
  },
};
let lastSeq = 0;
const setTenant = `select set_config('${tenantSetting}', $1, true)`;

async function write(
  [name, { text, values, asProcedure }]: [string, Load],
  pool: pg.Pool,
  school: School,
  until: number,
  at: number,
) {
  const client = await pool.connect();
  let rows = 0;
  for (let turn = 0; performance.now() < until; turn++) {
    if (asProcedure) {
      await client.query('begin');
      await client.query({ name: 'tenant', text: setTenant, values: [school.tenantId] });
    }
    const result = await client.query({ name, text, values: values(school, at, turn) });
    if (asProcedure) await client.query('commit');
    rows += result.rowCount ?? 0;
  }
  client.release();
  return rows;
}

async function seed(url: string): Promise<School> {
  const db = connectDb(url, 'system', 2);
  const [tenantId, groupId, userId] = [newId('tenant'), newId('group'), newId('user')];
  await db.tenants.create({ tenantId, name: 'School' });
  await db.groups.create({ tenantId, groupId, name: 'School', kind: 'school', path: 'a' });
  await db.users.create({ tenantId, userId, name: 'Pupil', status: 'active' });
  const classIds: RichId<'class'>[] = Array.from({ length: classes }, () => newId('class'));
  await db.classes.createMany(
    classIds.map((classId, at) => ({ tenantId, groupId, classId, name: `Class ${at}` })),
  );
  const [toolId, toolVersionId] = [newId('tool'), newId('toolversion')];
  const tool = {
    tenantId,
    toolId,
    groupId,
    ownerUserId: userId,
    name: 'Tutor',
    slug: 'tutor',
    kind: 'chat' as const,
  };
  await db.tools.create({ ...tool, publishedToolVersionId: toolVersionId });
  await db.toolVersions.create({ ...tool, toolVersionId, version: '1.0.0', status: 'published' });
  const chatIds = Array.from({ length: writers }, () => newId('chat'));
  await db.chatSessions.createMany(
    chatIds.map((chatSessionId) => ({ tenantId, chatSessionId, userId, toolId, toolVersionId })),
  );
  await db.$close();
  const own = stored({ tenantId, userId });
  return { ...own, classIds: storedIds(classIds), chatIds: storedIds(chatIds) };
}
