import type { Pool } from 'pg';
import type { FacadeClient } from './database_facade';
import { queueSchema } from './queue_names';

/**
 * A client for pg-tbus's migration. It would create the schema if that is missing, for which PostgreSQL wants
 * the right to create schemas even when it is not; ours is made beforehand, for the role that connects.
 */
export async function connectMigration(pool: Pool): Promise<FacadeClient> {
  const client = await pool.connect();
  let failure: Error | undefined;

  async function query(command: string | { text: string; values?: unknown[] }): Promise<{ rows: unknown[] }> {
    try {
      if (typeof command === 'string' && command.includes(`CREATE SCHEMA IF NOT EXISTS ${queueSchema};`)) {
        const { rowCount } = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [queueSchema]);
        if (rowCount)
          return await client.query(command.replace(`CREATE SCHEMA IF NOT EXISTS ${queueSchema};`, ''));
      }
      return await client.query(command);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }

  // A session that failed is not used again: its transaction may still be open.
  return { query, release: () => client.release(failure) };
}
