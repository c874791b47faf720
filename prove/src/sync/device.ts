import { setTimeout as sleep } from 'node:timers/promises';
import { type IdPrefix, idPrefixes, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import { type SyncTableName, syncTables } from '@raptscallions/zod-schemas/sync_table';
import { Dexie } from 'dexie';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { snapshotOf } from '../../../backend/src/modules/sync/cursor';
import { createApi } from '../../../frontend/src/api/client';
import { edits } from '../../../frontend/src/edits';
import { LocalDb } from '../../../frontend/src/local_db/local_db';
import { readMeta } from '../../../frontend/src/local_db/meta';
import type { PageEvent, SyncSurroundings } from '../../../frontend/src/sync/surroundings';
import { SyncEngine } from '../../../frontend/src/sync/sync_engine';
import type { TabMessage } from '../../../frontend/src/sync/tab_message';
import { type Fault, withFault } from './faults';
import { type NetworkState, unreliableFetch } from './network';
import type { Sight } from './oracle';
import type { Person } from './school';
import type { Servers } from './servers';

/** Pauses of the engine last a twentieth of what they last in a browser. */
const hurry = 20;

const checkedTables = {
  users: 'users',
  userContacts: 'user_contacts',
  groups: 'groups',
  groupMembers: 'group_members',
  classes: 'classes',
  classMembers: 'class_members',
} as const;

export type Shown = {
  /** the snapshot up to which the server's rows are stored; null while there is none */
  snapshot: string | null;
  queued: number;
  sight: Sight;
  classNames: Map<string, string>;
  /** what was refused: the arguments as the person sees them */
  refused: string[];
};

type Tab = { db: LocalDb; engine: SyncEngine; underWay: Set<AbortController> };

/** One browser profile: its IndexedDB outlives its tabs. Tabs share locks, channels, clock and network. */
export class Device {
  readonly network: NetworkState = { calm: false, online: true };
  /** milliseconds by which its clock is wrong */
  skew = 0;
  readonly tabs: Tab[] = [];
  readonly #factory = new IDBFactory();
  readonly #channels = new Set<(message: TabMessage) => void>();
  readonly #listeners = new Set<(event: PageEvent) => void>();
  #lock: Promise<void> = Promise.resolve();

  constructor(
    readonly name: string,
    readonly person: Person,
    readonly servers: Servers,
    readonly random: () => number,
    readonly fault: Fault | null,
  ) {}

  openTab(): void {
    // Dexie takes the factory that is there when a database is made.
    Dexie.dependencies.indexedDB = this.#factory;
    Dexie.dependencies.IDBKeyRange = IDBKeyRange;
    const db = new LocalDb(this.person.userId, 2);
    const underWay = new Set<AbortController>();
    const engine = new SyncEngine({ db, edits, surroundings: this.#surroundings(db, underWay) });
    engine.start();
    this.tabs.push({ db, engine, underWay });
  }

  /** Ends a tab between any two of its steps: its database closes under its hands. */
  async crashTab(at: number): Promise<void> {
    const [tab] = this.tabs.splice(at, 1);
    if (!tab) return;
    tab.db.close({ disableAutoOpen: true });
    await endTab(tab).catch(() => {});
  }

  page(event: PageEvent): void {
    if (event === 'online') this.network.online = true;
    if (event === 'offline') this.network.online = false;
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** What its pages show, read in one transaction. Undefined when no tab is open. */
  async read(): Promise<Shown | undefined> {
    const db = this.tabs[0]?.db;
    if (!db) return undefined;
    return db.transaction('r', db.tables, async () => {
      const cursor = (await readMeta(db, 'position'))?.cursor ?? null;
      const sight: Sight = new Map();
      const classNames = new Map<string, string>();
      for (const [name, table] of Object.entries(checkedTables) as [keyof typeof checkedTables, string][]) {
        for (const row of await db.rows<SyncTableName>(name).toArray()) {
          sight.set(`${table} ${uuidOf(String(Reflect.get(row, syncTables[name].key)))}`, row.$rev);
        }
      }
      for (const { classId, name } of await db.classes.toArray()) classNames.set(classId, name);
      return {
        snapshot: cursor === null ? null : (snapshotOf(cursor) ?? null),
        queued: await db.outbox.count(),
        sight,
        classNames,
        refused: (await db.refusals.toArray()).map(({ args }) => JSON.stringify(args)),
      };
    });
  }

  async close(): Promise<void> {
    while (this.tabs.length > 0) {
      const tab = this.tabs.pop();
      if (!tab) continue;
      await endTab(tab);
      tab.db.close();
    }
  }

  #surroundings(db: LocalDb, underWay: Set<AbortController>): SyncSurroundings {
    const api = createApi({
      origin: 'http://school.example',
      fetch: unreliableFetch(this.servers, this.person.cookie, this.random, this.network, underWay),
    });
    return {
      api: withFault(this.fault, db, {
        me: (options) => api.me(undefined, options),
        pull: (input, options) => api.sync.pull(input, options),
        push: (input, options) => api.sync.push(input, options),
        sealKey: async (options) => (await api.sync.sealKey(undefined, options)).key,
        digest: (input, options) => api.sync.digest(input, options),
        async watch(input, options) {
          await api.sync.watch(input, options);
        },
        stream: (input, options) => api.sync.stream(input, options),
      }),
      reserve: { fill: async () => true, release: async () => false },
      holdLock: (_, signal, work) => this.#holdLock(signal, work),
      openChannel: (_, receive) => {
        this.#channels.add(receive);
        return {
          send: (message) => {
            const copy = structuredClone(message);
            for (const tab of [...this.#channels]) if (tab !== receive) queueMicrotask(() => tab(copy));
          },
          close: () => this.#channels.delete(receive),
        };
      },
      now: () => Date.now() + this.skew,
      random: this.random,
      wait: (ms, signal) => sleep(ms / hurry, undefined, { signal }).catch(() => {}),
      isOnline: () => this.network.online,
      listen: (receive) => {
        this.#listeners.add(receive);
        return () => this.#listeners.delete(receive);
      },
    };
  }

  async #holdLock(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    const before = this.#lock;
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    const mine = Promise.race([before, aborted]).then(() => (signal.aborted ? undefined : work()));
    // Whoever gives up waiting, or fails, does not let the next one pass the holder.
    this.#lock = Promise.all([before, mine.catch(() => {})]).then(() => undefined);
    await mine.catch((error) => {
      if (!signal.aborted) throw error;
    });
  }
}

export function uuidOf(id: string): string {
  const prefix = id.slice(0, id.lastIndexOf('-'));
  const known = idPrefixes.find((one): one is IdPrefix => one === prefix);
  if (!known) throw new Error(`${id} has no known prefix`);
  return uuidFromId(known, id);
}

async function endTab({ engine, underWay }: Tab): Promise<void> {
  const ended = engine.stop();
  for (const request of underWay) request.abort(new DOMException('the tab has ended', 'AbortError'));
  await ended;
}
