import pg from 'pg';
import { keepAlive } from '../lib/keep_alive';
import { systemRole } from './base_table';

/** A statement that takes longer has lost its server: without this, a dead network would hold it for ever. */
const queryTimeoutMs = 30_000;
const connectTimeoutMs = 5_000;

/**
 * Connections of the system role outside of Orchid, for a few statements that are run all the time: planned once,
 * since planning some of them takes longer than running them. One that dies fails its query and not the process.
 * @param settings more of `-c name=value`
 * @param waitMs how long a statement, or a connection, is waited for at the most
 */
export function createSystemPool(
  connectionString: string,
  name: string,
  max: number,
  settings = '',
  waitMs = queryTimeoutMs,
): pg.Pool {
  const options = `-c role=${systemRole} -c plan_cache_mode=force_generic_plan ${settings}`;
  const pool = new pg.Pool({
    connectionString,
    options,
    application_name: name,
    max,
    ...keepAlive,
    connectionTimeoutMillis: Math.min(connectTimeoutMs, waitMs),
    query_timeout: waitMs,
    pipeline: true,
  });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
