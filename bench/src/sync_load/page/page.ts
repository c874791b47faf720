import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { edits } from '../../../../frontend/src/edits';
import { deleteLocalDb, LocalDb } from '../../../../frontend/src/local_db/local_db';
import { readMeta } from '../../../../frontend/src/local_db/meta';
import {
  readSessionBoard,
  readThread,
  readTranscriptSetting,
} from '../../../../frontend/src/modules/chat/chat.queries';
import { readClassDetail, readClassSummaries } from '../../../../frontend/src/modules/classes/class.queries';
import { browserSurroundings } from '../../../../frontend/src/sync/browser_surroundings';
import { digestRows } from '../../../../frontend/src/sync/digest_rows';
import { SyncEngine } from '../../../../frontend/src/sync/sync_engine';
import { loadPlainly } from './load_plainly';
import { tryLayouts } from './try_layouts';
import { untilLive } from './until_live';

let db: LocalDb | undefined;
let engine: SyncEngine | undefined;
let packFrom: number | undefined;

function opened(): LocalDb {
  if (!db) throw new Error('nothing was loaded');
  return db;
}

async function leave(userId: UserId): Promise<void> {
  await engine?.stop();
  engine = undefined;
  db?.close();
  db = undefined;
  await deleteLocalDb(userId);
}

/**
 * From an empty browser to everything stored with its cursor, by the product's own engine. Milliseconds;
 * `waiting` is the part in which pages were asked for and came.
 * @param packed false: the same engine, one record a row
 */
async function load(userId: UserId, packed: boolean) {
  await leave(userId);
  packFrom = packed ? undefined : Number.POSITIVE_INFINITY;
  performance.clearResourceTimings();
  const begun = performance.now();
  const mine = new LocalDb(userId, packFrom);
  db = mine;
  engine = new SyncEngine({ db, edits, surroundings: browserSurroundings });
  engine.start();
  await untilLive(
    () => readMeta(mine, 'position'),
    (position) => position !== undefined && position.cursor !== null,
  );
  const ms = performance.now() - begun;
  const pulls = performance
    .getEntriesByType('resource')
    .filter((entry) => entry instanceof PerformanceResourceTiming)
    .filter(({ name }) => name.endsWith('/rpc/sync/pull'));
  const first = Math.min(...pulls.map(({ startTime }) => startTime));
  const waiting = Math.max(...pulls.map(({ responseEnd }) => responseEnd)) - first;
  return { ms, waiting, pages: pulls.length };
}

/**
 * How long pages wait for what they show, milliseconds: `first` just after the app was opened, with nothing in
 * memory, then `times` later looks, each as a live query of its own.
 */
async function measureQueries(userId: UserId, classId: ClassId, times: number) {
  await engine?.stop();
  engine = undefined;
  const chats = await opened().chatSessions.toCollection().primaryKeys();
  const chatAt = (at: number) => (chats[(at * 379) % chats.length] ?? 'none') as `chat-${string}`;
  const reads: Record<string, (mine: LocalDb, at: number) => Promise<unknown>> = {
    'class roster': (mine) => readClassDetail(mine, classId),
    'messages and runs of a chat': (mine, at) => readThread(mine, chatAt(at)),
    'what stands around a chat': (mine, at) => readTranscriptSetting(mine, chatAt(at)),
    'list of chats, one class': (mine) => readSessionBoard(mine, userId, classId),
    'list of chats, ten classes': (mine) => readSessionBoard(mine, userId, null),
    'list of classes': (mine) => readClassSummaries(mine, Date.now()),
  };
  const measured: Record<string, { first: number; later: number[] }> = {};
  for (const [name, read] of Object.entries(reads)) {
    opened().close();
    db = new LocalDb(userId, packFrom);
    const mine = await db.open();
    const ask = async (at: number) => {
      const begun = performance.now();
      await untilLive(
        () => read(opened(), at),
        () => true,
      );
      return performance.now() - begun;
    };
    await readMeta(opened(), 'position');
    const first = await ask(0);
    const later: number[] = [];
    for (let at = 1; at <= times; at++) later.push(await ask(at));
    measured[name] = { first, later };
    mine.close();
  }
  return measured;
}

/** Resolves with the moment (milliseconds since 1970) at which a live query shows a class under this subject. */
async function untilSubject(classId: ClassId, subject: string): Promise<number> {
  await untilLive(
    () => opened().classes.get(classId),
    (row) => row?.subject === subject,
  );
  return performance.timeOrigin + performance.now();
}

/** The stream is open and has said where it stands. */
async function untilFollowing(): Promise<void> {
  const before = (await readMeta(opened(), 'lastSyncedAt')) ?? 0;
  await untilLive(
    () => readMeta(opened(), 'lastSyncedAt'),
    (at) => (at ?? 0) > before,
  );
}

/** Every row against the server's, as the page of this device does it; `here`: the part of it on the device. */
async function compare(): Promise<{ ms: number; here: number }> {
  if (!engine) throw new Error('nothing syncs');
  const began = performance.now();
  const tables = await engine.compare(new AbortController().signal);
  const ms = performance.now() - began;
  const wrong = tables.filter(({ identical }) => !identical);
  if (wrong.length > 0) throw new Error(`different: ${JSON.stringify(wrong)}`);
  const mine = opened();
  const begun = performance.now();
  await mine.transaction('r', mine.tables, async () => {
    await digestRows(mine);
  });
  return { ms, here: performance.now() - begun };
}

const syncLoad = { compare, load, loadPlainly, measureQueries, untilFollowing, untilSubject, tryLayouts };
export type SyncLoadPage = typeof syncLoad;
Object.assign(window, { syncLoad });
