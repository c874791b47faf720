import type { RunStatus } from '@raptscallions/zod-schemas/chat.zod';
import type { SyncFrame } from '@raptscallions/zod-schemas/sync.zod';
import { syncTables, unpackSyncRows } from '@raptscallions/zod-schemas/sync_table';
import { storedId } from '../../db/stored_id';
import { Batcher } from '../../lib/batcher';
import type { Logger } from '../../lib/logger';
import type { ChunkRelay } from '../runs/chunk_relay';
import type { DeltaRow } from './delta_sql';
import { type FrameText, frameBytes } from './frames';
import { userScope } from './scope_holders';
import type { StreamConnection, StreamOwner } from './stream_connection';

export type FollowedRunsParts = {
  chunks: Pick<ChunkRelay, 'watch' | 'watchOnly' | 'unwatch' | 'forget'>;
  /** the uuids of people's runs that are under way, by the uuid of the person */
  readOpenRuns(owners: StreamOwner[]): Promise<ReadonlyMap<string, string[]>>;
  logger: Logger;
};

const runsTable = syncTables.runs.number;
const openRun = new Set<RunStatus>(['pending', 'processing']);
const runKeys = Object.keys(syncTables.runs.row.shape);
const runColumn = { runId: runKeys.indexOf('runId'), status: runKeys.indexOf('status') };

/** The runs whose text each stream carries: its person's own as long as they are under way, and those asked for. */
export class FollowedRuns {
  private readonly openRuns: Batcher<StreamOwner, string[]>;

  constructor(
    private readonly parts: FollowedRunsParts,
    private readonly isHere: (connection: StreamConnection) => boolean,
  ) {
    this.openRuns = new Batcher(async (owners) => {
      const runs = await parts.readOpenRuns(owners);
      return new Map(owners.map((owner) => [owner, runs.get(storedId(owner.userId)) ?? []]));
    });
  }

  forget(connection: StreamConnection): void {
    this.parts.chunks.forget(connection);
  }

  /** Carries these runs besides the person's own, and no others. */
  watchOnly(connection: StreamConnection, runUuids: string[]): void {
    this.parts.chunks.watchOnly(connection, storedId(connection.owner.tenantId), runUuids, (frame) =>
      connection.write(frameBytes(frame)),
    );
  }

  /** Runs that began before this stream did: no row of theirs may change until they end. */
  async followOpen(connection: StreamConnection): Promise<void> {
    try {
      const runUuids = (await this.openRuns.get(connection.owner)) ?? [];
      for (const runUuid of runUuids) this.carry(connection, runUuid);
    } catch (error) {
      this.parts.logger.warn({ err: error }, 'the open runs of a stream could not be read');
      connection.end();
    }
  }

  /** A person's own runs are carried without being asked for: the first word must not wait for a request. */
  followRows(scope: string, rows: DeltaRow[], holders: ReadonlySet<StreamConnection>): void {
    if (!scope.startsWith('user:')) return;
    for (const row of rows) {
      if (row.tbl !== runsTable || row.body === null) continue;
      for (const connection of holders)
        if (scope === userScope(connection.owner)) {
          const body = JSON.parse(row.body);
          this.followRun(connection, body[runColumn.runId], body[runColumn.status]);
        }
    }
  }

  followFrame(connection: StreamConnection, { scope, json }: FrameText): void {
    if (scope !== userScope(connection.owner)) return;
    const { rows }: Pick<Extract<SyncFrame, { kind: 'rows' }>, 'rows'> = JSON.parse(json);
    const runs = rows.filter(([table]) => table === runsTable);
    for (const sent of runs.flatMap(unpackSyncRows))
      if (sent.table === 'runs') this.followRun(connection, storedId(sent.row.runId), sent.row.status);
  }

  private followRun(connection: StreamConnection, runUuid: string, status: RunStatus): void {
    if (openRun.has(status)) this.carry(connection, runUuid);
    else this.parts.chunks.unwatch(connection, storedId(connection.owner.tenantId), runUuid);
  }

  private carry(connection: StreamConnection, runUuid: string): void {
    // Whoever has left has been forgotten by the relay, and must not come back into it.
    if (!this.isHere(connection)) return;
    this.parts.chunks.watch(connection, storedId(connection.owner.tenantId), runUuid, (frame) =>
      connection.write(frameBytes(frame)),
    );
  }
}
