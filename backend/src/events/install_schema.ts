import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { createTBus } from 'pg-tbus';
import { idleFanOutClient } from './connect_fan_out';
import { connectMigration } from './connect_migration';
import { createDatabaseFacade } from './database_facade';
import { installLock, queueSchema } from './queue_names';
import { queueSchemaSql } from './queue_schema.sql';

const schemaHash = createHash('sha256').update(queueSchemaSql).digest('hex');

/**
 * Brings the queue's schema up to date: pg-tbus's own migrations first, then what we add. Several processes may
 * do so at once.
 * @param producerRoles roles that may send and publish, and nothing else
 * @throws when the database refuses, or has no task log
 */
export async function installSchema(pool: Pool, producerRoles: string[]): Promise<void> {
  await migratePgTbus(pool);
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [installLock]);
    if (!(await isUpToDate(client.query.bind(client)))) {
      await client.query(queueSchemaSql);
      await client.query(
        `INSERT INTO ${queueSchema}.rapt_schema (hash) VALUES ($1) ON CONFLICT (only_row) DO UPDATE SET hash = excluded.hash`,
        [schemaHash],
      );
    }
    for (const role of producerRoles.map((name) => client.escapeIdentifier(name))) {
      await client.query(`GRANT USAGE ON SCHEMA ${queueSchema} TO ${role}`);
      await client.query(
        `GRANT EXECUTE ON FUNCTION ${queueSchema}.rapt_send(jsonb, uuid[]), ${queueSchema}.rapt_publish(jsonb) TO ${role}`,
      );
    }
    const { rows } = await client.query("SELECT to_regclass('pg_tbus_task_log') IS NOT NULL AS logged");
    if (!rows[0]?.logged) throw new Error('the table pg_tbus_task_log is missing: run the migrations first');
    await client.query('COMMIT');
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.release(failure);
  }
}

type ClientQuery = (text: string) => Promise<{ rows: { hash?: string; made?: boolean }[] }>;

async function isUpToDate(query: ClientQuery): Promise<boolean> {
  const made = await query(`SELECT to_regclass('${queueSchema}.rapt_schema') IS NOT NULL AS made`);
  if (!made.rows[0]?.made) return false;
  const { rows } = await query(`SELECT hash FROM ${queueSchema}.rapt_schema`);
  return rows[0]?.hash === schemaHash;
}

/** pg-tbus migrates when a bus starts, and in no other way: one that finds no work is started and stopped. */
async function migratePgTbus(pool: Pool): Promise<void> {
  const facade = createDatabaseFacade(pool, {
    claim: async () => [],
    settle: async () => {},
    purge: async () => {},
    connectFanOut: async () => idleFanOutClient,
    connectMigration: () => connectMigration(pool),
    hasEvents: false,
  });
  const bus = createTBus('migration', { db: facade, schema: queueSchema });
  await bus.start();
  await bus.stop();
}
