import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../db/migrate';
import { startEmbeddedPostgres } from '../../lib/embedded_postgres/start_embedded_postgres';

/** A server of our own, which is crashed. */
let dataDir: string;
let server: Awaited<ReturnType<typeof startEmbeddedPostgres>>;

// The log is kept back for so long that a crash loses the end of it.
const start = () => startEmbeddedPostgres({ dataDir, settings: { wal_writer_delay: '10s' } });

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server.databaseUrl });
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function crash(): Promise<void> {
  const [pid] = readFileSync(path.join(server.clusterDir, 'data/postmaster.pid'), 'utf8').split('\n', 1);
  process.kill(Number(pid), 'SIGQUIT');
  await server.gone;
  server = await start();
}

const id = (last: number) => `01900000-0000-7000-8000-${String(last).padStart(12, '0')}`;

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'rapt-crash-'));
  chmodSync(dataDir, 0o755); // the server's own account passes through
  server = await start();
  await migrate(server.databaseUrl);
}, 60_000);

afterAll(async () => {
  await server.stop();
  rmSync(server.clusterDir, { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
});

test('what is written after a crash under an id that was given out before it is new to every cursor', async () => {
  const before = await connect();
  await before.query(`insert into tenants (tenant_id, name) values ('${id(1)}', 'school')`);
  await before.query(
    `insert into groups (tenant_id, group_id, name, kind, path) values ('${id(1)}', '${id(2)}', 'a', 'school', 'a')`,
  );
  // Nobody waits for the disk here, as nobody does when a transaction is rolled back.
  for (let at = 0; at < 5; at++)
    await before.query('begin; set local synchronous_commit = off; select pg_current_xact_id(); commit');
  const { rows } = await before.query(
    'select sync.settled_snapshot()::text as settled, pg_current_snapshot()::text as plain',
  );
  const [{ settled, plain }] = rows;
  await crash();
  const after = await connect();
  await after.query('update groups set name = $1', ['b']);
  const { rows: entries } = await after.query(
    `select e.rev::int as rev, pg_visible_in_snapshot(e.xid, $1) as by_settled, pg_visible_in_snapshot(e.xid, $2) as by_plain
     from sync_entry e where e.row_id = $3 and e.scope like 'group:%' limit 1`,
    [settled, plain, id(2)],
  );
  // The plain snapshot shows that the id came twice: it calls the new version seen.
  expect(entries).toEqual([{ rev: 2, by_settled: false, by_plain: true }]);
  await after.end();
}, 60_000);

test('it sees every entry that is visible, and says of none that is being written that it is done', async () => {
  const [reader, first, second] = [await connect(), await connect(), await connect()];
  const look = async () => {
    const { rows } = await reader.query(
      `select sn::text, (select count(*)::int from sync_entry) as entries,
         (select count(*)::int from sync_entry where pg_visible_in_snapshot(xid, sn)) as seen
       from (select sync.settled_snapshot() as sn offset 0) s`,
    );
    return rows[0];
  };
  await first.query('begin');
  await first.query(
    `insert into groups (tenant_id, group_id, name, kind, path) values ('${id(1)}', '${id(3)}', 'c', 'school', 'c')`,
  );
  const { rows } = await first.query('select pg_current_xact_id()::text as xid');
  await second.query(
    `insert into groups (tenant_id, group_id, name, kind, path) values ('${id(1)}', '${id(4)}', 'd', 'school', 'd')`,
  );
  const during = await look();
  expect(during.seen).toBe(during.entries);
  expect(during.sn.split(':')[2].split(',')).toContain(rows[0].xid);
  await first.query('commit');
  const { rows: unseen } = await reader.query(
    'select count(*)::int as count from sync_entry where not pg_visible_in_snapshot(xid, $1::pg_snapshot)',
    [during.sn],
  );
  expect(unseen[0].count).toBeGreaterThan(0);
  const done = await look();
  expect(done.seen).toBe(done.entries);
  await Promise.all([reader, first, second].map((client) => client.end()));
});

test('tombstones that were purged do not make a new cursor too old', async () => {
  const client = await connect();
  await client.query('update sync_epoch set purged_xid = pg_snapshot_xmax(pg_current_snapshot())');
  const { rows } = await client.query(
    'select pg_snapshot_xmin(sync.settled_snapshot()) > purged_xid as young from sync_epoch',
  );
  expect(rows).toEqual([{ young: true }]);
  await client.end();
});
