import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type pg from 'pg';
import { storedId } from '../../db/stored_id';
import { chunkChannel } from './channels';

type Chunk = { tenantId: TenantId; runId: RichId<'run'>; attempt: number; seq: number; text: string };

/** Text of all runs of a worker is written together, this often. */
const flushMs = 40;

const insertSql = `
  insert into run_chunks (tenant_id, run_id, attempt, seq, text)
  select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::text[])
  on conflict do nothing`;

/**
 * Writes the released text of every live run of this worker: one insert and one notification for all of
 * them. A commit need not reach the disk before watchers see it, since the whole answer is stored at the end.
 */
export class ChunkWriter {
  private waiting: Chunk[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly pool: pg.Pool) {}

  /** `now`: the first text of a run, which somebody is waiting for. */
  add(chunk: Chunk, now: boolean): void {
    this.waiting.push(chunk);
    if (now) void this.flush();
    else this.timer ??= setTimeout(() => void this.flush(), flushMs);
  }

  /** Writes what waits. Never fails: watchers get the answer by sync at the latest. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const chunks = this.waiting;
    this.waiting = [];
    if (chunks.length > 0) this.writing = this.writing.then(() => this.write(chunks)).catch(() => {});
    return this.writing;
  }

  private async write(chunks: Chunk[]): Promise<void> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('begin');
      await client.query('set local synchronous_commit = off');
      await client.query({
        name: 'write_chunks',
        text: insertSql,
        values: [
          chunks.map((chunk) => storedId(chunk.tenantId)),
          chunks.map((chunk) => storedId(chunk.runId)),
          chunks.map((chunk) => chunk.attempt),
          chunks.map((chunk) => chunk.seq),
          chunks.map((chunk) => chunk.text),
        ],
      });
      const runs = [...new Set(chunks.map((chunk) => storedId(chunk.runId)))];
      // A payload ends at 8,000 bytes; a uuid and its comma take 37.
      for (let at = 0; at < runs.length; at += 200) {
        await client.query('select pg_notify($1, $2)', [chunkChannel, runs.slice(at, at + 200).join(',')]);
      }
      await client.query('commit');
    } catch (error) {
      broken = error instanceof Error ? error : new Error(String(error));
      throw broken;
    } finally {
      client.release(broken);
    }
  }
}
