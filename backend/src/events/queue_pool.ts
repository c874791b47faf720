import pg from 'pg';
import { keepAlive } from '../lib/keep_alive';
import type { Logger } from '../lib/logger';

/** How to reach PostgreSQL. Liveness needs a session of its own: no transaction-mode pooler in between. */
export interface QueueConnection {
  connectionString: string;
  /** settings for every session, such as `-c role=rapt_system` */
  options?: string;
  /** 4 unless given; one session more listens */
  poolSize?: number;
}

/** A statement that takes longer has lost its server: without this, a dead network would hold it for ever. */
const queryTimeoutMs = 30_000;
const connectTimeoutMs = 5_000;
/**
 * A queue goes from nothing to a hundred thousand tasks before its statistics are looked at again, and a planner
 * that believes it small sorts all of it for every claim. Every statement here has an index to go by.
 */
const planSettings = '-c enable_seqscan=off -c enable_bitmapscan=off -c enable_sort=off';

function sessionConfig({ connectionString, options }: QueueConnection, worker: string): pg.ClientConfig {
  return {
    connectionString,
    options: `${options ?? ''} ${planSettings}`,
    application_name: `raptscallions-queue ${worker}`,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    ...keepAlive,
  };
}

/**
 * The pool for claims, completions and the queue's housekeeping. A session may die while idle, which the pool
 * reports, or while in use, which only the client itself reports; either would end the process if unheard.
 */
export function createQueuePool(connection: QueueConnection, worker: string, logger: Logger): pg.Pool {
  const pool = new pg.Pool({ ...sessionConfig(connection, worker), max: connection.poolSize ?? 4 });
  pool.on('error', (error) => logger.warn({ err: error }, 'an idle queue session was lost'));
  pool.on('connect', (client) => {
    client.on('error', (error) => logger.warn({ err: error }, 'a queue session was lost'));
  });
  return pool;
}

/** A session outside the pool, for LISTEN and the lock that shows the worker lives. */
export function createListenClient(connection: QueueConnection, worker: string): pg.Client {
  return new pg.Client(sessionConfig(connection, worker));
}
