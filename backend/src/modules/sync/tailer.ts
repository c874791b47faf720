import type pg from 'pg';
import { createSystemClient } from '../../db/create_system_client';
import { fewRowsSettings } from '../../db/db';
import type { Logger } from '../../lib/logger';
import { type DeltaRow, withBodies } from './delta_sql';
import type { Snapshot } from './snapshot';
import { readStreamNotice, type StreamNotice, streamChannel } from './stream_notice';

export type Tick = { rows: DeltaRow[]; to: Snapshot };

/** More new entries than this at once (a roster, for instance) are not streamed: everybody is caught up instead. */
const maxEntries = 5_000;
/** Between two looks, or for as long as it took to hand on what the last one found: streams get a pause in which to be read. */
const pauseMs = 2;
const longestPauseMs = 25;
/** Notices are heard between two statements, so none may take longer. */
const waitMs = 50;

const waitSql = `select sync.await_news($1, $2, ${longestPauseMs}, ${waitMs}) as news`;

/** As `sync.await_news` asks, which says why. */
const readSql = `
  with s as materialized (select sync.settled_snapshot() as sn),
  delta as (${withBodies(`
    select e.tenant_id, e.scope, e.tbl, e.row_id, e.rev, e.xid, e.del from sync_entry e
    where e.xid >= pg_snapshot_xmax($1::pg_snapshot)
    union all
    select e.tenant_id, e.scope, e.tbl, e.row_id, e.rev, e.xid, e.del
    from pg_snapshot_xip($1::pg_snapshot) running(xid) join sync_entry e on e.xid = running.xid
    limit ${maxEntries + 1}`)})
  select s.sn::text as sn, delta.* from s left join delta on true`;

/**
 * Reads what every transaction that has committed since the last look has written, in any tenant, and hands
 * it on with the snapshot it was read at. One for each process; it looks only while somebody listens.
 */
export class Tailer {
  private client: pg.Client | undefined;
  private seen: Snapshot | undefined;
  private epoch = '';
  private pause = pauseMs;
  private stopped = false;
  private running: Promise<void> | undefined;

  constructor(
    private readonly databaseUrl: string,
    private readonly logger: Logger,
    private readonly listeners: () => number,
    private readonly onTick: (tick: Tick) => void,
    private readonly onOverflow: () => void,
    private readonly onEpoch: (epoch: string) => void,
    private readonly onNotice: (notice: StreamNotice) => void,
    /** notices may have been missed */
    private readonly onConnected: () => void,
  ) {}

  start(): void {
    this.running = this.loop();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
    await this.client?.end().catch(() => {});
  }

  private async loop(): Promise<void> {
    for (let failures = 0; !this.stopped; ) {
      try {
        await this.look();
        failures = 0;
      } catch (error) {
        if (failures++ === 0)
          this.logger.warn({ err: error }, 'the tailer lost the database and tries again');
        this.client?.end().catch(() => {});
        this.client = undefined;
        await sleep(Math.min(2_000, 50 * 2 ** failures));
      }
    }
  }

  private async look(): Promise<void> {
    const client = this.client ?? (await this.connect());
    if (this.listeners() === 0) {
      // Whoever comes next is caught up by a pull, so nothing before that needs to be told.
      this.seen = undefined;
      await sleep(longestPauseMs);
      return;
    }
    if (this.seen === undefined) {
      const { rows } = await client.query<{ sn: string }>('select sync.settled_snapshot()::text as sn');
      this.seen = rows[0]?.sn;
      // Between the first stream's catch-up and this snapshot something may have been written.
      this.onOverflow();
      return;
    }
    const wait = { name: 'wait', text: waitSql, values: [this.seen, this.pause] };
    const { rows: waited } = await client.query<{ news: boolean }>(wait);
    if (!waited[0]?.news) return;
    const begun = performance.now();
    const read = { name: 'read', text: readSql, values: [this.seen] };
    const { rows } = await client.query<DeltaRow & { sn: string }>(read);
    const to = rows[0]?.sn;
    if (to === undefined) return;
    const entries = rows.filter((row) => row.scope !== null);
    this.seen = to;
    if (entries.length > maxEntries) this.onOverflow();
    else if (entries.length > 0) this.handOn({ rows: entries, to });
    this.pause = Math.min(longestPauseMs, Math.max(pauseMs, performance.now() - begun));
  }

  /** What could not be handed on is not seen again here, so everybody is brought from where they stand to now. */
  private handOn(tick: Tick): void {
    try {
      this.onTick(tick);
    } catch (error) {
      this.logger.error({ err: error }, 'news could not be handed on; everybody is caught up instead');
      this.onOverflow();
    }
  }

  private async connect(): Promise<pg.Client> {
    const client = createSystemClient(this.databaseUrl, 'raptscallions-tailer', fewRowsSettings);
    client.on('notification', ({ payload }) => {
      const notice = readStreamNotice(payload);
      if (notice) this.onNotice(notice);
    });
    // From here on, so that a failure ends this session and not only leaves it.
    this.client = client;
    await client.connect();
    await client.query(`listen ${streamChannel}`);
    const { rows } = await client.query<{ epoch: string }>('select sync.keep_epoch() as epoch');
    const epoch = rows[0]?.epoch ?? '';
    // What was seen counts the transactions of another database: everybody is caught up, and so told to begin anew.
    if (epoch !== this.epoch) this.seen = undefined;
    this.epoch = epoch;
    this.onEpoch(epoch);
    this.onConnected();
    return client;
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
