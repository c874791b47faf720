import { setTimeout as sleep } from 'node:timers/promises';
import { type SyncTableName, syncTableNames, syncTables } from '@raptscallions/zod-schemas/sync_table';
import { Dexie } from 'dexie';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { snapshotOf } from '../../../backend/src/modules/sync/cursor';
import type { AppClient } from '../../../frontend/src/api/app_client';
import { createApi } from '../../../frontend/src/api/client';
import { edits } from '../../../frontend/src/edits';
import { LocalDb, listLocalDbUsers } from '../../../frontend/src/local_db/local_db';
import { readMeta, writeMeta } from '../../../frontend/src/local_db/meta';
import { readBoxes } from '../../../frontend/src/local_db/sealed_boxes';
import { arriveOnDevice, BoxShutError } from '../../../frontend/src/sync/arrive_on_device';
import { CannotKeepError, leaveDevice } from '../../../frontend/src/sync/leave_device';
import type { PageEvent, SyncSurroundings } from '../../../frontend/src/sync/surroundings';
import { syncApi } from '../../../frontend/src/sync/sync_api';
import { SyncEngine } from '../../../frontend/src/sync/sync_engine';
import type { TabMessage } from '../../../frontend/src/sync/tab_message';
import { provideLocalStorage } from './browser_storage';
import { type Fault, withFault } from './faults';
import { type NetworkState, unreliableFetch } from './network';
import type { SignedIn } from './school';
import type { Servers } from './servers';
import { type Sight, seenOnDevice, uuidOf } from './sight';
import { snakeCase } from './table_names';

/** Pauses of the engine last a twentieth of what they last in a browser. */
const hurry = 20;
/** how long the end of a tab that crashed is waited for */
const crashedMs = 5_000;

export type Shown = {
  userId: string;
  /** the snapshot up to which the server's rows are stored; null while there is none */
  snapshot: string | null;
  /** the browser profile as the server was asked for it, a uuid */
  syncClientId: string | null;
  /** the server's rows, under what waiting edits show */
  sight: Sight;
  /** what pages show, by table and rich id, as `classes class-01…` */
  rows: Map<string, object>;
  /** a first load is complete, so that everything is shown there is */
  loaded: boolean;
  /** the arguments of waiting edits as JSON */
  waiting: string[];
  refused: { name: string; args: string }[];
};

type Tab = { db: LocalDb; engine: SyncEngine; underWay: Set<AbortController> };

const noReserve = { fill: async () => true, release: async () => false };

/** One browser profile: its IndexedDB outlives its tabs. Tabs share locks, channels, clock and network. */
export class Device {
  readonly network: NetworkState = { calm: false, online: true, betweenPages: async () => {} };
  /** milliseconds by which its clock is wrong */
  skew = 0;
  readonly tabs: Tab[] = [];
  /** names the server has known this profile by, for each person who was signed in here; uuids */
  readonly clients = new Map<string, Set<string>>();
  /** everybody who has been signed in here */
  readonly seated = new Set<string>();
  readonly #factory = new IDBFactory();
  readonly #channels = new Set<(message: TabMessage) => void>();
  readonly #listeners = new Set<(event: PageEvent) => void>();
  #lock: Promise<void> = Promise.resolve();

  constructor(
    readonly name: string,
    public person: SignedIn,
    readonly servers: Servers,
    readonly random: () => number,
    readonly fault: Fault | null,
  ) {
    this.seated.add(person.userId);
  }

  openTab(): void {
    this.#useFactory();
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
    // Who had just begun a transaction when its database was closed may wait for ever: in a browser the tab is gone.
    await endTab(tab, crashedMs).catch(() => {});
  }

  /** A new tab that believes the leader dead, as after a freeze: both lead, and both streams bring the same. */
  stealLock(): void {
    this.#lock = Promise.resolve();
    this.openTab();
  }

  page(event: PageEvent): void {
    if (event === 'online') this.network.online = true;
    if (event === 'offline') this.network.online = false;
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** The cursor is of an app with other tables, or of another protocol: the server will not go on from it. */
  async ageCursor(how: 'other stamp' | 'other form'): Promise<void> {
    while (this.tabs.length > 0) await this.crashTab(0);
    this.#useFactory();
    const db = new LocalDb(this.person.userId, 2);
    await db.transaction('rw', db.meta, async () => {
      const position = await readMeta(db, 'position');
      if (!position?.cursor) return;
      const aged = how === 'other stamp' ? position.cursor.replace(/^[^.]*/, 'aged') : 'of another time';
      await writeMeta(db, 'position', { ...position, cursor: aged });
    });
    db.close();
    this.openTab();
  }

  /**
   * One person leaves and another one sits down.
   * @returns null when they stay after all, since what waits could not be locked away; else whether anything
   * was kept for them, and what of theirs can still be read here, which must be nothing
   */
  async changePerson(
    unsent: 'keep' | 'discard',
    next: SignedIn,
  ): Promise<{ kept: boolean; readable: string[] } | null> {
    const left = this.person;
    const [first, ...others] = this.tabs;
    if (!first) throw new Error('nobody is here to leave');
    this.#useFactory();
    provideLocalStorage();
    if (!(await this.#leave(first, unsent))) return null;
    for (const tab of [first, ...others]) {
      await endTab(tab);
      tab.db.close();
    }
    await this.servers.signOut(left.cookie);
    const readable = (await listLocalDbUsers()).filter((userId) => userId === left.userId);
    const kept = (await readBoxes(left.userId)).length > 0;
    if (!kept) this.clients.delete(uuidOf(left.userId));
    this.person = next;
    this.seated.add(next.userId);
    await this.#arrive();
    this.openTab();
    return { kept, readable };
  }

  /** False: they stay. The tabs are out of sight meanwhile, as behind the dialog that asks. */
  async #leave(first: Tab, unsent: 'keep' | 'discard'): Promise<boolean> {
    const tabs = this.tabs.splice(0);
    const leaving = leaveDevice(first.engine, unsent)
      .then(() => true)
      .catch((error) => {
        if (error instanceof CannotKeepError) return false;
        throw error;
      });
    await cutRequestsUntil(leaving, tabs);
    const hasLeft = await leaving;
    if (!hasLeft) this.tabs.push(...tabs);
    return hasLeft;
  }

  /** What they left here before is put back; without a network they try until there is one. */
  async #arrive(): Promise<void> {
    const api = this.#api(new Set());
    const { signal } = new AbortController();
    for (;;) {
      try {
        await arriveOnDevice(this.person.userId, {
          fetchKey: async () => (await api.sync.sealKey(undefined, { signal })).key,
          reserve: noReserve,
          now: Date.now() + this.skew,
        });
        return;
      } catch (error) {
        if (!(error instanceof BoxShutError) || error.forGood) throw error;
        if (!this.network.online) this.network.online = true;
        await sleep(20);
      }
    }
  }

  /** What its pages show, read in one transaction. Undefined when no tab is open. */
  async read(): Promise<Shown | undefined> {
    const db = this.tabs[0]?.db;
    if (!db) return undefined;
    const shown = await db.transaction('r', db.tables, async () => {
      const position = await readMeta(db, 'position');
      const client = await readMeta(db, 'client');
      const asked = position?.scopes.find((scope) => scope.startsWith('client:'))?.slice('client:'.length);
      const sight: Sight = new Map();
      const rows = new Map<string, object>();
      const see = (name: SyncTableName, id: string, row: object) =>
        sight.set(`${snakeCase(name)} ${uuidOf(id)}`, seenOnDevice(name, row));
      for (const name of syncTableNames) {
        for (const row of await db.rows<SyncTableName>(name).toArray()) {
          const id = String(Reflect.get(row, syncTables[name].key));
          rows.set(`${name} ${id}`, row);
          see(name, id, row);
        }
      }
      for (const { table, id, row } of await db.shadows.toArray()) {
        if (row) see(table, id, row);
        else sight.delete(`${snakeCase(table)} ${uuidOf(id)}`);
      }
      return {
        userId: db.userId,
        snapshot: position?.cursor ? (snapshotOf(position.cursor) ?? null) : null,
        syncClientId: asked ?? (client ? uuidOf(client.syncClientId) : null),
        sight,
        rows,
        loaded: (await readMeta(db, 'loadedOnce')) ?? false,
        waiting: (await db.outbox.toArray()).map(({ args }) => JSON.stringify(args)),
        refused: (await db.refusals.toArray()).map(({ name, args }) => ({
          name,
          args: JSON.stringify(args),
        })),
        client,
      };
    });
    const { client, ...rest } = shown;
    if (client) {
      const userId = uuidOf(shown.userId);
      const known = this.clients.get(userId) ?? new Set();
      this.clients.set(userId, known.add(uuidOf(client.syncClientId)));
    }
    return rest;
  }

  async close(): Promise<void> {
    while (this.tabs.length > 0) {
      const tab = this.tabs.pop();
      if (!tab) continue;
      await endTab(tab);
      tab.db.close();
    }
  }

  /** Dexie takes the factory that is there when a database is made; operations come one after the other. */
  #useFactory(): void {
    Dexie.dependencies.indexedDB = this.#factory;
    Dexie.dependencies.IDBKeyRange = IDBKeyRange;
  }

  #api(underWay: Set<AbortController>): AppClient {
    return createApi({
      origin: 'http://school.example',
      fetch: unreliableFetch(this.servers, this.person.cookie, this.random, this.network, underWay),
    });
  }

  #surroundings(db: LocalDb, underWay: Set<AbortController>): SyncSurroundings {
    return {
      api: withFault(this.fault, db, syncApi(this.#api(underWay))),
      reserve: noReserve,
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

function endTab(tab: Tab, mostMs?: number): Promise<void> {
  return cutRequestsUntil(tab.engine.stop(), [tab], mostMs);
}

/** A browser ends requests with the signal they were given; Node 20 may lose a composed one. */
async function cutRequestsUntil(
  ended: Promise<unknown>,
  tabs: readonly Tab[],
  mostMs = Number.POSITIVE_INFINITY,
): Promise<void> {
  const until = Date.now() + mostMs;
  let isOver = false;
  const over = ended.finally(() => {
    isOver = true;
  });
  over.catch(() => {});
  while (!isOver && Date.now() < until) {
    for (const { underWay } of tabs)
      for (const request of underWay) request.abort(new DOMException('the tab has ended', 'AbortError'));
    await sleep(5);
  }
  if (isOver) await over;
}
