import type {
  StreamWatchInputZod,
  SyncDigest,
  SyncDigestInputZod,
  SyncFrame,
  SyncPage,
  SyncPullInputZod,
  SyncPushInputZod,
  SyncStreamInputZod,
} from '@raptscallions/zod-schemas/sync.zod';
import type { z } from 'zod';
import type { TabMessage } from './tab_message';

type Options = { signal: AbortSignal };

/** What syncing asks of the server. A failure is thrown as `classifyFailure` knows it. */
export type SyncApi = {
  me(options: Options): Promise<{ userId: string }>;
  pull(input: z.input<typeof SyncPullInputZod>, options: Options): Promise<SyncPage>;
  push(input: z.input<typeof SyncPushInputZod>, options: Options): Promise<{ lastMid: number }>;
  /** base64, see `importSealKey` */
  sealKey(options: Options): Promise<string>;
  digest(input: z.input<typeof SyncDigestInputZod>, options: Options): Promise<SyncDigest>;
  watch(input: z.input<typeof StreamWatchInputZod>, options: Options): Promise<void>;
  /** resolves when the server has begun to answer */
  stream(input: z.input<typeof SyncStreamInputZod>, options: Options): Promise<AsyncIterable<SyncFrame>>;
};

/** To every other tab of the same person; never back to the sender. */
export type TabChannel = { send(message: TabMessage): void; close(): void };

/** `online`, `offline`: what the browser believes; `visible`: the tab came to the front; `leave`: it is closed. */
export type PageEvent = 'online' | 'offline' | 'visible' | 'leave';

/** Room on this device that nothing but a person's own writes may use. */
export type StorageReserve = {
  /** puts it aside, unless it is; false when there is no room for it */
  fill(): Promise<boolean>;
  /** gives it up; false when it was not there */
  release(): Promise<boolean>;
};

/** Everything of the browser that syncing touches, so that tests can be the browser. */
export type SyncSurroundings = {
  api: SyncApi;
  reserve: StorageReserve;
  /** runs `work` while holding the lock; waits as long as another tab holds it, until `signal` */
  holdLock(name: string, signal: AbortSignal, work: () => Promise<void>): Promise<void>;
  openChannel(name: string, receive: (message: TabMessage) => void): TabChannel;
  /** milliseconds since 1970 */
  now(): number;
  /** 0 up to, not including, 1 */
  random(): number;
  /** resolves after `ms`, or at once when `signal` is aborted; never rejects */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  isOnline(): boolean;
  listen(receive: (event: PageEvent) => void): () => void;
};
