import { randomInt } from 'node:crypto';
import type pg from 'pg';
import type { Logger } from '../lib/logger';
import { keepTrying } from './keep_trying';
import { channels, livenessLockClass, queueSchema as s } from './queue_names';
import { runEvery } from './run_every';

const beatMs = 250;
/** After a longer silence others may have taken what we hold. */
const silenceMs = 700;
/** How long our own beat must have been even before we call others dead. */
const steadyMs = 2_000;

export interface LivenessOptions {
  worker: string;
  pool: pg.Pool;
  createClient(): pg.Client;
  logger: Logger;
  onNotification(channel: string, payload: string): void;
  /** We may have missed notifications, or been taken for dead. */
  onSilence(): void;
}

export interface Liveness {
  /** Resolves when others can see that this worker lives. */
  start(): Promise<void>;
  /**
   * Whether this process was connected without a break for a while. After an outage everybody looks dead to
   * whoever comes back first, so one who has just come back does not judge.
   */
  isSteady(): boolean;
  stop(): Promise<void>;
}

/**
 * Shows that a worker lives, in two ways that fail apart: an advisory lock on a session of its own, which the
 * server drops the moment the process dies, and a heartbeat through the pool. The session also listens.
 */
export function createLiveness(options: LivenessOptions): Liveness {
  const { worker, pool, createClient, logger, onNotification, onSilence } = options;
  const stopped = new AbortController();
  let client: pg.Client | undefined;
  let lockKey = 0;
  let lastBeat = 0;
  let steadySince = Number.POSITIVE_INFINITY;
  let stopBeating = async () => {};

  async function connect(): Promise<void> {
    const fresh = createClient();
    // A new key each time: the session it replaces may be half dead and hold the old one for minutes.
    const key = randomInt(1, 2 ** 31 - 1);
    try {
      let lost = false;
      fresh.on('error', (error) => logger.warn({ err: error }, 'the listening session was lost'));
      fresh.on('end', () => {
        lost = true;
        if (client === fresh) reconnect();
      });
      fresh.on('notification', ({ channel, payload = '' }) => onNotification(channel, payload));
      await fresh.connect();
      await fresh.query('SELECT pg_advisory_lock($1, $2)', [livenessLockClass, key]);
      for (const channel of Object.values(channels)) await fresh.query(`LISTEN ${channel}`);
      lockKey = key;
      await beat();
      if (lost) throw new Error('connection terminated while listening began');
    } catch (error) {
      fresh.end().catch(() => {});
      throw error;
    }
    if (stopped.signal.aborted) {
      await fresh.end();
      return;
    }
    client = fresh;
    onSilence();
  }

  async function reconnectUntilStopped(): Promise<void> {
    await keepTrying(connect, {
      signal: stopped.signal,
      onError: (error) => logger.warn({ err: error }, 'the queue cannot listen yet'),
    });
  }

  function reconnect(): void {
    client = undefined;
    if (stopped.signal.aborted) return;
    reconnectUntilStopped().catch((error) => logger.debug({ err: error }, 'listening was given up'));
  }

  async function beat(): Promise<void> {
    await pool.query({
      name: 'rapt_beat',
      text: `INSERT INTO ${s}.rapt_workers (worker, lock_key) VALUES ($1, $2)
             ON CONFLICT (worker) DO UPDATE SET lock_key = excluded.lock_key, seen = now()`,
      values: [worker, lockKey],
    });
    const now = Date.now();
    const silent = now - lastBeat > silenceMs;
    lastBeat = now;
    if (!silent) return;
    steadySince = now;
    onSilence();
  }

  return {
    async start() {
      await reconnectUntilStopped();
      stopBeating = runEvery(beatMs, beat, (error) => logger.warn({ err: error }, 'a heartbeat failed'));
    },
    isSteady: () => Date.now() - lastBeat <= silenceMs && Date.now() - steadySince >= steadyMs,
    async stop() {
      stopped.abort();
      await stopBeating();
      const last = client;
      client = undefined;
      await pool.query(`DELETE FROM ${s}.rapt_workers WHERE worker = $1`, [worker]).catch(() => {});
      await last?.end().catch(() => {});
    },
  };
}
