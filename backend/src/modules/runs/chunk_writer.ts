import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type pg from 'pg';
import { storedId } from '../../db/stored_id';
import { databaseFailure, isDatabaseAway } from '../../lib/app_error';
import type { Logger } from '../../lib/logger';
import { chunkChannel, runKey } from './channels';

type Chunk = { tenantId: TenantId; runId: RichId<'run'>; attempt: number; seq: number; text: string };

/** Text of all runs of a worker is written together, this often. */
const flushMs = 40;
/** What could not be written while the database was away is tried again so soon. */
const retryMs = 500;
/** A notification's payload ends at 8,000 bytes; a run's key and its comma take 74. */
const runsOfNotification = 100;

/** Away, short of room (53), or told to stop (57): the same may be written a moment later. */
function isPassing(error: unknown): boolean {
  return isDatabaseAway(error) || /^5[37]/.test(databaseFailure(error)?.code ?? '');
}

/** The notification goes out with the commit of the rows, in the same round trip. */
const insertSql = `
  with written as (
    insert into run_chunks (tenant_id, run_id, attempt, seq, text)
    select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::text[])
    on conflict do nothing
  )
  select pg_notify('${chunkChannel}', payload) from unnest($6::text[]) payload`;

/**
 * Writes the released text of every live run of this worker: one statement for all of them. What a run released
 * between two of them is one chunk.
 */
export class ChunkWriter {
  private waiting = new Map<string, Chunk>();
  /** As it was sent: it may be there already, and under its own number a repetition of it changes nothing. */
  private unwritten: Chunk[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  /** whether the last writing failed: of many in a row the first is told */
  private failing = false;

  /** @param pool whose commits need not reach the disk: the whole answer is stored at the end */
  constructor(
    private readonly pool: pg.Pool,
    private readonly logger: Logger,
  ) {}

  /** `now`: the first text of a run, which somebody is waiting for. */
  add(chunk: Chunk, now: boolean): void {
    const key = `${keyOf(chunk)} ${chunk.attempt}`;
    const before = this.waiting.get(key);
    // Under the later number: whoever watches goes on after the highest it has seen.
    this.waiting.set(key, before ? { ...chunk, text: before.text + chunk.text } : chunk);
    if (now) void this.flush();
    else this.flushIn(flushMs);
  }

  /** Writes what waits. Never fails: watchers get the answer by sync at the latest. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.waiting.size > 0 || this.unwritten.length > 0) {
      // What comes while one is under way goes with the next, and a first word waits for none but that.
      this.writing = this.writing.then(() => this.writeOrKeep());
    }
    return this.writing;
  }

  /** Writes what waits of a run that has ended; what of it cannot be written now must not come later. */
  async end(run: Pick<Chunk, 'tenantId' | 'runId'>): Promise<void> {
    await this.flush();
    this.unwritten = this.unwritten.filter((chunk) => keyOf(chunk) !== keyOf(run));
  }

  private flushIn(ms: number): void {
    this.timer ??= setTimeout(() => void this.flush(), ms);
  }

  /** Without what a moment's outage took, whoever watches would read an answer with a hole in it. */
  private async writeOrKeep(): Promise<void> {
    const chunks = [...this.unwritten, ...this.waiting.values()];
    this.unwritten = [];
    this.waiting = new Map();
    try {
      await this.write(chunks);
      this.failing = false;
    } catch (error) {
      if (!this.failing)
        this.logger.warn({ err: error, chunks: chunks.length }, 'text of runs was not written');
      this.failing = true;
      if (!isPassing(error)) return;
      this.unwritten = chunks;
      this.flushIn(retryMs);
    }
  }

  private async write(chunks: Chunk[]): Promise<void> {
    if (chunks.length === 0) return;
    const runs = [...new Set(chunks.map(keyOf))];
    const payloads: string[] = [];
    for (let at = 0; at < runs.length; at += runsOfNotification) {
      payloads.push(runs.slice(at, at + runsOfNotification).join(','));
    }
    await this.pool.query({
      name: 'write_chunks',
      text: insertSql,
      values: [
        chunks.map((chunk) => storedId(chunk.tenantId)),
        chunks.map((chunk) => storedId(chunk.runId)),
        chunks.map((chunk) => chunk.attempt),
        chunks.map((chunk) => chunk.seq),
        chunks.map((chunk) => chunk.text),
        payloads,
      ],
    });
  }
}

const keyOf = ({ tenantId, runId }: Pick<Chunk, 'tenantId' | 'runId'>) =>
  runKey(storedId(tenantId), storedId(runId));
