import pg from 'pg';
import { keepAlive } from '../lib/keep_alive';
import { systemRole } from './base_table';

/** A statement that takes longer has lost its server: without this, a dead network would hold it for ever. */
const queryTimeoutMs = 10_000;

/**
 * A session of the system role outside of all pools, for what listens or holds something. Not connected yet. When it
 * dies it fails its query and not the process; one that only listens says so by `end`.
 * @param settings more of `-c name=value`
 * @param waitMs how long a statement is waited for at the most
 */
export function createSystemClient(
  connectionString: string,
  name: string,
  settings = '',
  waitMs = queryTimeoutMs,
): pg.Client {
  const client = new pg.Client({
    connectionString,
    application_name: name,
    options: `-c role=${systemRole} ${settings}`,
    ...keepAlive,
    connectionTimeoutMillis: 5_000,
    query_timeout: waitMs,
  });
  client.on('error', () => {});
  return client;
}
