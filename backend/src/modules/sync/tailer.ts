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
const tickMs = 25;
/** News comes in clusters: after some it looks more often, for so long. Nobody pays for that at rest. */
const busyTickMs = 8;
const busyMs = 500;

/**
 * What a snapshot has not seen is what began after it and the few that were running then. Asked this way, and not
 * from its oldest running transaction on, one that stays open for a minute does not make every look read that minute.
 */
const tickSql = `
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
  /** by `performance.now()` */
  private busyUntil = 0;
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
        const begun = performance.now();
        await this.tick();
        failures = 0;
        const ended = performance.now();
        const period = ended < this.busyUntil ? busyTickMs : tickMs;
        // A database that is slow to answer has the same time to itself, up to a tick.
        await sleep(Math.max(1, begun + period - ended, Math.min(tickMs, ended - begun)));
      } catch (error) {
        if (failures++ === 0)
          this.logger.warn({ err: error }, 'the tailer lost the database and tries again');
        this.client?.end().catch(() => {});
        this.client = undefined;
        await sleep(Math.min(2_000, 50 * 2 ** failures));
      }
    }
  }

  private async tick(): Promise<void> {
    const client = this.client ?? (await this.connect());
    if (this.listeners() === 0) {
      // Whoever comes next is caught up by a pull, so nothing before that needs to be told.
      this.seen = undefined;
      return;
    }
    if (this.seen === undefined) {
      const { rows } = await client.query<{ sn: string }>('select sync.settled_snapshot()::text as sn');
      this.seen = rows[0]?.sn;
      // Between the first stream's catch-up and this snapshot something may have been written.
      this.onOverflow();
      return;
    }
    const { rows } = await client.query<DeltaRow & { sn: string }>({
      name: 'tick',
      text: tickSql,
      values: [this.seen],
    });
    const to = rows[0]?.sn;
    if (to === undefined) return;
    const entries = rows.filter((row) => row.scope !== null);
    this.seen = to;
    if (entries.length > maxEntries) this.onOverflow();
    else if (entries.length > 0) this.handOn({ rows: entries, to });
    if (entries.length > 0) this.busyUntil = performance.now() + busyMs;
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
