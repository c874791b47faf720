import pg from 'pg';
import { systemRole } from '../../db/base_table';
import type { Logger } from '../../lib/logger';
import { stopChannel } from './channels';

/** Tells the runs of this worker that somebody wants them to stop; whoever misses the call reads the row. */
export class StopListener {
  private readonly stops = new Map<string, () => void>();
  private client: pg.Client | undefined;
  private stopped = false;
  private retry: NodeJS.Timeout | undefined;

  constructor(
    private readonly databaseUrl: string,
    private readonly logger: Logger,
  ) {}

  /** Calls `stop` when the run is to stop; the result ends that. */
  on(runUuid: string, stop: () => void): () => void {
    this.stops.set(runUuid, stop);
    return () => this.stops.delete(runUuid);
  }

  async start(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      application_name: 'raptscallions-stop',
      options: `-c role=${systemRole}`,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    client.on('error', () => {});
    client.on('end', () => this.again());
    client.on('notification', ({ payload }) => this.stops.get(payload ?? '')?.());
    this.client = client;
    try {
      await client.connect();
      await client.query(`listen ${stopChannel}`);
    } catch (error) {
      this.logger.warn({ err: error }, 'stop requests are read from rows only until the database is back');
      client.end().catch(() => {});
      // A client that never connected does not say that it has ended.
      this.again();
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    await this.client?.end().catch(() => {});
  }

  private again(): void {
    if (this.stopped) return;
    // Both the failure and the end of a connection come here; one attempt at a time is enough.
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.start(), 500);
  }
}
