import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type pg from 'pg';
import { createSystemClient } from '../../db/create_system_client';
import { storedId } from '../../db/stored_id';
import type { Logger } from '../../lib/logger';
import { runKey, stopChannel } from './channels';
import { leaseMs } from './run_picker';

/** Whoever misses the call to stop reads it with the next beat. */
const beatMs = 1_000;
const reconnectMs = 500;

const beatSql = `
  update run_leases l set lease_until = now() + $4 * interval '1 ms'
  from unnest($1::uuid[], $2::uuid[], $3::int[]) h(tenant_id, run_id, attempt)
  where l.tenant_id = h.tenant_id and l.run_id = h.run_id and l.attempt = h.attempt
  returning l.tenant_id, l.run_id, l.cancel_requested_at is not null as cancelled`;

/** Why a run is to end before its answer does: a person wants it, or another worker has it. */
export type EndReason = 'stopped' | 'lost';
type Held = { tenantId: TenantId; runId: RichId<'run'>; attempt: number; end: AbortController };

export type HeldRun = {
  /** aborted with an `EndReason` */
  signal: AbortSignal;
  release(): void;
};

/**
 * Keeps the leases of this worker's runs, all in one statement, and tells a run that it is to end: because
 * somebody stopped it, from whatever process, or because it was taken over.
 */
export class LeaseKeeper {
  private readonly held = new Map<string, Held>();
  private listening: pg.Client | undefined;
  private stopped = false;
  private retry: NodeJS.Timeout | undefined;
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> = Promise.resolve();

  constructor(
    private readonly databaseUrl: string,
    private readonly pool: pg.Pool,
    private readonly logger: Logger,
  ) {}

  hold({ tenantId, runId, attempt }: Omit<Held, 'end'>): HeldRun {
    const held: Held = { tenantId, runId, attempt, end: new AbortController() };
    const key = runKey(storedId(tenantId), storedId(runId));
    this.held.set(key, held);
    return {
      signal: held.end.signal,
      release: () => {
        if (this.held.get(key) === held) this.held.delete(key);
      },
    };
  }

  async start(): Promise<void> {
    this.timer ??= setInterval(() => this.beatSoon(), beatMs);
    const client = createSystemClient(this.databaseUrl, 'raptscallions-stop');
    client.on('end', () => this.again());
    client.on('notification', ({ payload }) => this.end(payload ?? '', 'stopped'));
    this.listening = client;
    try {
      await client.connect();
      await client.query(`listen ${stopChannel}`);
      // A call may have come while nobody listened.
      this.beatSoon();
    } catch (error) {
      this.logger.warn({ err: error }, 'stop requests are read with the beat until the database is back');
      client.end().catch(() => {});
      // A client that never connected does not say that it has ended.
      this.again();
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    clearInterval(this.timer);
    await this.beating;
    await this.listening?.end().catch(() => {});
  }

  private again(): void {
    if (this.stopped) return;
    // Both the failure and the end of a connection come here; one attempt at a time is enough.
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.start(), reconnectMs);
  }

  private beatSoon(): void {
    if (this.held.size === 0 || this.stopped) return;
    this.beating = this.beating
      .then(() => this.beat())
      .catch((error: unknown) => this.logger.warn({ err: error }, 'leases could not be extended'));
  }

  private async beat(): Promise<void> {
    const held = [...this.held.entries()].map(([key, each]) => ({ key, ...each }));
    if (held.length === 0) return;
    const { rows } = await this.pool.query<{ tenant_id: string; run_id: string; cancelled: boolean }>({
      name: 'extend_leases',
      text: beatSql,
      values: [
        held.map(({ tenantId }) => storedId(tenantId)),
        held.map(({ runId }) => storedId(runId)),
        held.map(({ attempt }) => attempt),
        leaseMs,
      ],
    });
    const extended = new Map(rows.map((row) => [runKey(row.tenant_id, row.run_id), row.cancelled]));
    for (const { key, end } of held) {
      const cancelled = extended.get(key);
      if (cancelled === undefined) end.abort('lost' satisfies EndReason);
      else if (cancelled) end.abort('stopped' satisfies EndReason);
    }
  }

  private end(key: string, reason: EndReason): void {
    this.held.get(key)?.end.abort(reason);
  }
}
