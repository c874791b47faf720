import type { ServerResponse } from 'node:http';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { SyncClientId } from '@raptscallions/zod-schemas/sync_client.zod';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { frameBytes } from './frames';
import type { Snapshot } from './snapshot';

export type StreamOwner = {
  tenantId: TenantId;
  userId: UserId;
  authSessionId: RichId<'authsession'>;
  syncClientId: SyncClientId;
};

/** A reader who leaves more than this many bytes unread is told to pull, rather than buffered for. */
export const maxUnreadBytes = 1_000_000;
/** Whoever reads not even that is cut off, with all that waits for it. */
const farewellMs = 5_000;
const pullBytes = frameBytes({ kind: 'pull' });

/** One open stream: where its browser stands, and the socket, which never holds more than a slow reader may cost. */
export class StreamConnection {
  scopes: ReadonlySet<string> = new Set();
  /** ticks that came while a catch-up was under way; null when none is */
  waiting: { at: Snapshot; send: () => void }[] | null = null;
  /** rights may have changed again since the catch-up under way began */
  again = false;

  constructor(
    readonly owner: StreamOwner,
    readonly streamId: string,
    public cursor: string | null,
    private readonly res: ServerResponse,
    onClose: () => void,
  ) {
    res.on('close', onClose);
    // Ends with its connection: in pieces that say their length, each frame would be four writes.
    res.useChunkedEncodingByDefault = false;
    res.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    res.socket?.setNoDelay(true);
  }

  get isOpen(): boolean {
    return !this.res.writableEnded && !this.res.destroyed;
  }

  /** Bytes handed over that the reader's side has not taken. */
  get unreadBytes(): number {
    return this.res.writableLength;
  }

  /** The same bytes may go to many connections: they are never copied here. */
  write(bytes: Buffer): void {
    if (!this.isOpen) return;
    if (this.unreadBytes > maxUnreadBytes) this.end(pullBytes);
    else this.res.write(bytes);
  }

  end(bytes?: Buffer): void {
    if (!this.isOpen) return;
    if (bytes) this.res.end(bytes);
    else this.res.end();
    const cutOff = setTimeout(() => this.res.destroy(), farewellMs);
    this.res.once('close', () => clearTimeout(cutOff));
  }

  tellToPull(): void {
    this.end(pullBytes);
  }
}
