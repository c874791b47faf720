import { idFromUuid } from '@raptscallions/zod-schemas/rich_id';
import type { SyncFrame } from '@raptscallions/zod-schemas/sync.zod';
import type pg from 'pg';
import { createSystemClient } from '../../db/create_system_client';
import type { Logger } from '../../lib/logger';
import { chunkChannel, runKey } from './channels';

type ChunkFrame = Extract<SyncFrame, { kind: 'chunk' }>;
type Send = (frame: ChunkFrame) => void;
/** Whoever watches; compared by identity. */
type Watcher = object;

type Watched = {
  tenantUuid: string;
  runUuid: string;
  watchers: Map<Watcher, Send>;
  /** what was read so far of the latest attempt, for whoever comes late */
  frames: ChunkFrame[];
  attempt: number;
  seq: number;
};

type Chunk = { tenant_id: string; run_id: string; attempt: number; seq: number; text: string };

/** A notification may be lost with its connection; nothing waits longer than this for another look. */
const lookAgainMs = 500;

/** Ordered within, so that the planner cannot but go to each run's place in the key: joined, it reads the table. */
const readSql = `
  select w.tenant_id, w.run_id, c.attempt, c.seq, c.text
  from unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[]) w(tenant_id, run_id, attempt, seq)
  cross join lateral (
    select r.attempt, r.seq, r.text from run_chunks r
    where r.tenant_id = w.tenant_id and r.run_id = w.run_id and (r.attempt, r.seq) > (w.attempt, w.seq)
    order by r.tenant_id, r.run_id, r.attempt, r.seq limit 100000
  ) c`;

/**
 * Carries the released text of runs from the table, whichever worker writes it, to everybody who watches
 * here: somebody who comes late first gets all that is there.
 */
export class ChunkRelay {
  /** by their keys, see `runKey` */
  private readonly runs = new Map<string, Watched>();
  private client: pg.Client | undefined;
  private connecting: Promise<pg.Client> | undefined;
  private readonly dirty = new Set<string>();
  private reading = false;
  private stopped = false;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly databaseUrl: string,
    private readonly logger: Logger,
  ) {
    this.timer = setInterval(() => this.look([...this.runs.keys()]), lookAgainMs);
  }

  watch(watcher: Watcher, tenantUuid: string, runUuid: string, send: Send): void {
    const key = runKey(tenantUuid, runUuid);
    const watched = this.runs.get(key) ?? {
      tenantUuid,
      runUuid,
      watchers: new Map(),
      frames: [],
      attempt: 0,
      seq: -1,
    };
    this.runs.set(key, watched);
    if (watched.watchers.has(watcher)) return;
    watched.watchers.set(watcher, send);
    for (const frame of watched.frames) send(frame);
    this.look([key]);
  }

  /** Sets what a watcher asks for by name; runs it follows for another reason are followed by `watch`. */
  watchOnly(watcher: Watcher, tenantUuid: string, runUuids: string[], send: Send): void {
    const wanted = new Set(runUuids);
    for (const runUuid of this.askedFor.get(watcher) ?? [])
      if (!wanted.has(runUuid)) this.unwatch(watcher, tenantUuid, runUuid);
    this.askedFor.set(watcher, wanted);
    for (const runUuid of wanted) this.watch(watcher, tenantUuid, runUuid, send);
  }
  private readonly askedFor = new WeakMap<Watcher, Set<string>>();

  unwatch(watcher: Watcher, tenantUuid: string, runUuid: string): void {
    this.leave(watcher, runKey(tenantUuid, runUuid));
  }

  forget(watcher: Watcher): void {
    for (const key of this.runs.keys()) this.leave(watcher, key);
  }

  private leave(watcher: Watcher, key: string): void {
    const watched = this.runs.get(key);
    watched?.watchers.delete(watcher);
    if (watched?.watchers.size === 0) this.runs.delete(key);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.client?.end().catch(() => {});
  }

  private look(keys: string[]): void {
    for (const key of keys) if (this.runs.has(key)) this.dirty.add(key);
    if (this.dirty.size > 0) void this.read();
  }

  private async read(): Promise<void> {
    if (this.reading || this.stopped) return;
    this.reading = true;
    try {
      while (this.dirty.size > 0) {
        const wanted = [...this.dirty].flatMap((key) => this.runs.get(key) ?? []);
        this.dirty.clear();
        if (wanted.length === 0) continue;
        const client = await this.connect();
        const { rows } = await client.query<Chunk>({
          name: 'chunks',
          text: readSql,
          values: [
            wanted.map((each) => each.tenantUuid),
            wanted.map((each) => each.runUuid),
            wanted.map((each) => each.attempt),
            wanted.map((each) => each.seq),
          ],
        });
        for (const chunk of rows) this.hand(chunk);
      }
    } catch (error) {
      if (!this.stopped)
        this.logger.warn({ err: error }, 'chunks could not be read; the next look tries again');
      this.client?.end().catch(() => {});
      this.client = undefined;
    } finally {
      this.reading = false;
    }
  }

  private hand({ tenant_id: tenantUuid, run_id: runUuid, attempt, seq, text }: Chunk): void {
    const watched = this.runs.get(runKey(tenantUuid, runUuid));
    if (!watched || attempt < watched.attempt || (attempt === watched.attempt && seq <= watched.seq)) return;
    if (attempt > watched.attempt) watched.frames = [];
    watched.attempt = attempt;
    watched.seq = seq;
    const frame: ChunkFrame = { kind: 'chunk', runId: idFromUuid('run', runUuid), attempt, seq, text };
    watched.frames.push(frame);
    for (const send of watched.watchers.values()) send(frame);
  }

  private connect(): Promise<pg.Client> {
    if (this.client) return Promise.resolve(this.client);
    this.connecting ??= this.open().finally(() => {
      this.connecting = undefined;
    });
    return this.connecting;
  }

  private async open(): Promise<pg.Client> {
    // Planning what is read for two hundred runs would take longer than reading it.
    const settings = '-c plan_cache_mode=force_generic_plan';
    const client = createSystemClient(this.databaseUrl, 'raptscallions-chunks', settings);
    client.on('end', () => {
      if (this.client === client) this.client = undefined;
    });
    client.on('notification', ({ payload }) => this.look(payload?.split(',') ?? []));
    try {
      await client.connect();
      await client.query(`listen ${chunkChannel}`);
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
    this.client = client;
    return client;
  }
}
