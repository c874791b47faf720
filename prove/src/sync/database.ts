import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { systemRole } from '../../../backend/src/db/base_table';
import { migrate } from '../../../backend/src/db/migrate';
import { startEmbeddedPostgres } from '../../../backend/src/lib/embedded_postgres/start_embedded_postgres';
import { freePort } from '../../../backend/src/test/free_port';
import { tableNames } from './table_names';

export type ProofDatabase = {
  url: string;
  /** a connection as a service has it, for writers beside the API */
  connect(): Promise<pg.Client>;
  /** ends PostgreSQL as `pg_ctl stop -m immediate` does, and starts it again: nothing is flushed or said goodbye */
  crash(): Promise<void>;
  drop(): Promise<void>;
};

/**
 * Every version of every row with the transaction that wrote it, written in that transaction: from this, and
 * not from what syncing keeps, the oracle knows what stood in the database at any snapshot. Writers of one row
 * wait for each other, so `seq` orders the versions of a row as they came about.
 */
const historySql = `
  create schema proof;
  grant usage on schema proof to public;
  create table proof.history (
    seq bigserial primary key, tenant_id uuid, tbl text, row_id uuid, xid xid8, body jsonb);
  create index on proof.history (tenant_id, seq);
  create function proof.record() returns trigger
  language plpgsql security definer set search_path = '' as $body$
  declare now_row jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
  begin
    insert into proof.history (tenant_id, tbl, row_id, xid, body) values ((now_row->>'tenant_id')::uuid,
      tg_table_name, (now_row->>tg_argv[0])::uuid, pg_catalog.pg_current_xact_id(),
      case when tg_op = 'DELETE' then null else now_row end);
    return null;
  end $body$;
  ${tableNames
    .map(
      ({ table, key }) => `create trigger proof_record after insert or update or delete on public.${table}
        for each row execute function proof.record('${key}');`,
    )
    .join('\n')}`;

/**
 * The fault of a timestamp as cursor: whatever began before now counts as seen, committed or not. It takes the
 * place of the function that says where a browser stands, in this database only.
 */
const timestampCursorSql = `
  create or replace function sync.settled_snapshot() returns pg_snapshot language sql stable as $body$
    select (m || ':' || m || ':')::pg_snapshot
    from (select pg_snapshot_xmax(pg_current_snapshot())::text as m) x $body$;`;

/** A database on a server of the proof's own, which may be crashed. */
export async function createProofDatabase(timestampCursor: boolean): Promise<ProofDatabase> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'rapt-prove-'));
  // The server's own account has to pass through, where that is not ours.
  chmodSync(dataDir, 0o755);
  // The log is kept back, so that a crash loses what nobody waited for.
  const settings = { wal_writer_delay: '10s' };
  // Insisted on: servers and writers know one address, and a free one would be another after a crash.
  const port = await freePort();
  const start = () => startEmbeddedPostgres({ dataDir, port, canCreateDatabases: true, settings });
  let postgres = await start();
  const kill = () => {
    const note = path.join(postgres.clusterDir, 'data/postmaster.pid');
    process.kill(Number(readFileSync(note, 'utf8').split('\n', 1)[0]), 'SIGQUIT');
  };
  const sweep = () => {
    rmSync(dataDir, { recursive: true, force: true });
    rmSync(postgres.clusterDir, { recursive: true, force: true });
  };
  const onExit = () => {
    kill();
    sweep();
  };
  process.once('exit', onExit);
  const run = async (connectionString: string, sql: string) => {
    const client = new pg.Client({ connectionString });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  const database = 'prove';
  await run(postgres.databaseUrl, `create database ${database}`);
  const url = new URL(postgres.databaseUrl);
  url.pathname = `/${database}`;
  await migrate(url.href);
  await run(url.href, historySql);
  if (timestampCursor) await run(url.href, timestampCursorSql);
  return {
    url: url.href,
    async connect() {
      const client = new pg.Client({
        connectionString: url.href,
        application_name: 'proof',
        options: `-c role=${systemRole} -c lock_timeout=500`,
      });
      client.on('error', () => {});
      await client.connect();
      return client;
    },
    async crash() {
      kill();
      await postgres.gone;
      postgres = await start();
    },
    async drop() {
      process.off('exit', onExit);
      await postgres.stop();
      sweep();
    },
  };
}
