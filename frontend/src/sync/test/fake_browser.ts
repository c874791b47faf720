import type { PageEvent, SyncApi, SyncSurroundings } from '../surroundings';
import type { TabMessage } from '../tab_message';

/** One browser of one person: locks and channels shared by its tabs, a network that can be pulled out. */
export class FakeBrowser {
  online = true;
  /** pauses that were asked for, in milliseconds; they take none here */
  readonly waits: number[] = [];
  /** the device has room for a reserve */
  hasRoom = true;
  reserved = false;
  now = 1_700_000_000_000;
  readonly #api: SyncApi;
  readonly #lockQueues = new Map<string, Promise<void>>();
  readonly #channels = new Map<string, Set<(message: TabMessage) => void>>();
  readonly #listeners = new Set<(event: PageEvent) => void>();

  constructor(
    api: SyncApi,
    readonly random: () => number = () => 0.5,
  ) {
    this.#api = api;
  }

  page(event: PageEvent): void {
    if (event === 'online') this.online = true;
    if (event === 'offline') this.online = false;
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** What one tab sees. */
  tab(api: SyncApi = this.#api): SyncSurroundings {
    const through =
      <I, O>(call: (input: I, options: { signal: AbortSignal }) => Promise<O>) =>
      async (input: I, options: { signal: AbortSignal }): Promise<O> => {
        await breathe();
        if (!this.online) throw new TypeError('fetch failed');
        options.signal.throwIfAborted();
        const answer = await call(input, options);
        await breathe();
        if (!this.online) throw new TypeError('fetch failed');
        options.signal.throwIfAborted();
        return answer;
      };
    return {
      api: {
        me: (options) => through(() => api.me(options))(undefined, options),
        pull: through(api.pull),
        push: through(api.push),
        sealKey: (options) => through(() => api.sealKey(options))(undefined, options),
        digest: through(api.digest),
        watch: through(api.watch),
        stream: through(api.stream),
      },
      reserve: {
        fill: async () => {
          this.reserved = this.hasRoom;
          return this.reserved;
        },
        release: async () => {
          const was = this.reserved;
          this.reserved = false;
          return was;
        },
      },
      holdLock: (name, signal, work) => this.#holdLock(name, signal, work),
      openChannel: (name, receive) => this.#openChannel(name, receive),
      now: () => this.now,
      random: this.random,
      wait: (ms, signal) => this.#wait(ms, signal),
      isOnline: () => this.online,
      listen: (receive) => {
        this.#listeners.add(receive);
        return () => this.#listeners.delete(receive);
      },
    };
  }

  async #holdLock(name: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    const before = this.#lockQueues.get(name) ?? Promise.resolve();
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    const mine = Promise.race([before, aborted]).then(() => (signal.aborted ? undefined : work()));
    // Whoever gives up waiting does not let the next one pass the holder.
    this.#lockQueues.set(
      name,
      Promise.all([before, mine]).then(() => undefined),
    );
    await mine;
  }

  #openChannel(name: string, receive: (message: TabMessage) => void) {
    const tabs = this.#channels.get(name) ?? new Set();
    this.#channels.set(name, tabs.add(receive));
    return {
      send: (message: TabMessage) => {
        const copy = structuredClone(message);
        for (const tab of [...tabs]) if (tab !== receive) queueMicrotask(() => tab(copy));
      },
      close: () => {
        tabs.delete(receive);
      },
    };
  }

  async #wait(ms: number, signal: AbortSignal): Promise<void> {
    this.waits.push(ms);
    if (signal.aborted) return;
    await breathe();
  }
}

/** Lets everything else that is ready run first. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** A small generator of random numbers, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
