import { type DBCoreCursor, type DBCoreTransaction, Dexie } from 'dexie';
import { compareKeys } from './index_keys';
import type { Entry } from './pack_store';

/**
 * A cursor over entries that are in memory, in the order of its direction; null when there are none, as Dexie
 * wants it. Its state is not on the object, since Dexie derives others from it.
 */
export function openListCursor(
  trans: DBCoreTransaction,
  entries: readonly Entry[],
  reverse: boolean,
): DBCoreCursor | null {
  if (entries.length === 0) return null;
  let at = 0;
  let running = false;
  let onNext: () => void = () => {};
  let resolve: (value?: unknown) => void = () => {};
  let reject: (error: Error) => void = () => {};
  let stopped = false;

  /** Calls back for where the cursor stands, for as long as that moves it on at once. */
  function run(): void {
    if (running) return;
    running = true;
    try {
      for (let called = -1; !stopped && called !== at; ) {
        called = at;
        if (at < entries.length) onNext();
        else resolve();
      }
    } catch (error) {
      stopped = true;
      reject(error instanceof Error ? error : new Error(String(error)));
    } finally {
      running = false;
    }
  }
  function moveTo(isReached: (entry: Entry) => boolean): void {
    at += 1;
    for (let entry = entries[at]; entry && !isReached(entry); entry = entries[at]) at += 1;
    run();
  }
  const behind = (a: unknown, b: unknown) => (reverse ? compareKeys(b, a) : compareKeys(a, b));

  const cursor: DBCoreCursor = {
    trans,
    get key() {
      return entries[at]?.key;
    },
    get primaryKey() {
      return entries[at]?.primaryKey;
    },
    get value() {
      return entries[at]?.read();
    },
    get done() {
      return at >= entries.length;
    },
    continue: (key?: unknown) => moveTo((entry) => key === undefined || behind(entry.key, key) >= 0),
    continuePrimaryKey: (key: unknown, primaryKey: unknown) =>
      moveTo((entry) => (behind(entry.key, key) || behind(entry.primaryKey, primaryKey)) >= 0),
    advance(count) {
      at += count;
      run();
    },
    start(callback) {
      return new Dexie.Promise((resolveIteration, rejectIteration) => {
        [onNext, resolve, reject, stopped] = [callback, resolveIteration, rejectIteration, false];
        run();
      });
    },
    stop(value) {
      stopped = true;
      resolve(value);
    },
    fail(error) {
      stopped = true;
      reject(error);
    },
    next() {
      let first = true;
      return cursor
        .start(() => {
          if (first) cursor.continue();
          else cursor.stop();
          first = false;
        })
        .then(() => cursor);
    },
  };
  return cursor;
}
