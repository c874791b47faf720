import 'fake-indexeddb/auto';
import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { SyncRow } from '@raptscallions/zod-schemas/sync_table';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { vi } from 'vitest';
import { LocalDb } from '../../local_db/local_db';
import { readMeta } from '../../local_db/meta';
import { readSyncStatus } from '../read_sync_status';
import type { SyncApi } from '../surroundings';
import { SyncEngine } from '../sync_engine';
import { testEdits } from './edits';
import { FakeBrowser } from './fake_browser';
import { ModelServer } from './model_server';

export type Tab = { db: LocalDb; engine: SyncEngine; close: () => Promise<void> };

export function classRow(
  name: string,
  groupId: RichId<'group'>,
  classId = newId('class'),
): SyncRow<'classes'> {
  return { classId, groupId, name, subject: null, createdAt: 1, updatedAt: 1 };
}

/** A person, their browser, and the server: everything but the engine is a model. */
export class Harness {
  readonly userId: UserId = newId('user');
  readonly groupId = newId('group');
  readonly scope = `class:${this.groupId}`;
  readonly server = new ModelServer();
  /** whom the cookie names; null: nobody */
  cookie: string | null = this.userId;
  readonly browser: FakeBrowser;
  readonly #tabs: Tab[] = [];

  /** @param packFrom as {@link LocalDb} takes it: few for a store in which nearly everything is packed */
  constructor(
    random?: () => number,
    readonly packFrom?: number,
  ) {
    this.browser = new FakeBrowser(
      this.server.api(() => this.cookie),
      random,
    );
    this.server.allow(this.userId, [this.scope]);
  }

  tab(api?: SyncApi): Tab {
    const db = new LocalDb(this.userId, this.packFrom);
    const engine = new SyncEngine({ db, edits: testEdits, surroundings: this.browser.tab(api) });
    const tab = {
      db,
      engine,
      close: async () => {
        await engine.stop();
        db.close();
      },
    };
    this.#tabs.push(tab);
    engine.start();
    return tab;
  }

  get api(): SyncApi {
    return this.server.api(() => this.cookie);
  }

  async end(): Promise<void> {
    await Promise.all(this.#tabs.map((tab) => tab.close()));
  }

  /** A class made by somebody else, committed. */
  serverClass(name: string): SyncRow<'classes'> {
    const row = classRow(name, this.groupId);
    this.server.put('classes', row, [this.scope]);
    this.server.commit();
    return row;
  }
}

export async function namesOf(db: LocalDb): Promise<string[]> {
  return (await db.classes.toArray()).map(({ name }) => name).sort();
}

/** Waits until what is asked for holds; throws what `check` threw last when it never does. */
export async function eventually(check: () => unknown): Promise<void> {
  await vi.waitFor(check, { timeout: 5_000, interval: 3 });
}

/** Everything the server has acknowledged or refused, and its newest cursor stored. */
export async function settled({ db }: Tab, server: ModelServer): Promise<void> {
  await eventually(async () => {
    const { queued } = await readSyncStatus(db);
    if (queued > 0) throw new Error(`${queued} edits wait`);
    const position = await readMeta(db, 'position');
    if (position?.cursor !== server.cursor())
      throw new Error(`at ${position?.cursor}, not ${server.cursor()}`);
  });
}
