import 'fake-indexeddb/auto';
import type { Message } from '@raptscallions/zod-schemas/chat.zod';
import type { Class } from '@raptscallions/zod-schemas/class.zod';
import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import { Dexie, liveQuery } from 'dexie';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { seededRandom } from '../sync/test/fake_browser';
import { LocalDb, type LocalRow } from './local_db';

const open: LocalDb[] = [];
function openDb(packFrom: number, userId = newId('user')): LocalDb {
  const db = new LocalDb(userId, packFrom);
  open.push(db);
  return db;
}
afterEach(async () => {
  for (const db of open.splice(0)) await db.delete();
});

const groupId = newId('group');
function classRow(name: string, scopes: string[], classId = newId('class')): LocalRow<'classes'> {
  const row: Class = { classId, groupId, name, subject: null, createdAt: 1, updatedAt: 1 };
  return { ...row, $rev: 1, $scopes: scopes };
}

function messageRow(chatSessionId: RichId<'chat'>, seq: number, text: string): LocalRow<'messages'> {
  const row: Message = {
    messageId: newId('message'),
    chatSessionId,
    userId: newId('user'),
    classId: null,
    runId: null,
    seq,
    role: 'user',
    text,
    outcome: 'complete',
    meta: {},
    replacedAt: null,
    createdAt: 1,
    updatedAt: 1,
  };
  return { ...row, $rev: 1, $scopes: ['a'] };
}

const many = (count: number) => Array.from({ length: count }, (_, at) => classRow(`class ${at}`, ['a']));

describe('packs', () => {
  it('store many rows put at once in few records, and few as they are', async () => {
    const db = openDb(200);
    await db.classes.bulkPut(many(1_200));
    await db.classes.bulkPut(many(10));
    expect(await db.table('packs').count()).toBe(3);
    expect(await db.classes.count()).toBe(1_210);
    const { count } = await db.transaction('r', db.classes, async (transaction) => {
      const request = transaction.idbtrans.objectStore('classes').count();
      return new Promise<{ count: number }>((resolve) => {
        request.onsuccess = () => resolve({ count: request.result });
      });
    });
    expect(count).toBe(10);
  });

  it('are taken over as they are by a newer app, outbox and all', async () => {
    const userId = newId('user');
    const old = new Dexie(`rapt-${userId}`);
    old.version(1).stores({ classes: 'classId, groupId, *$scopes', outbox: '++mid, sentMid', meta: 'key' });
    const row = classRow('of before', ['a']);
    await old.table('classes').put(row);
    await old.table('outbox').add({ sentMid: 1, name: 'classes.create', args: {}, createdAt: 1 });
    const { syncSchemaHash } = await import('@raptscallions/zod-schemas/sync_table');
    await old.table('meta').put({ key: 'schemaHash', value: syncSchemaHash });
    old.close();
    const db = openDb(2, userId);
    expect(await db.classes.toArray()).toEqual([row]);
    expect(await db.outbox.count()).toBe(1);
    await db.classes.bulkPut([classRow('new', ['a']), { ...row, name: 'renamed' }]);
    expect((await db.classes.toArray()).map(({ name }) => name).sort()).toEqual(['new', 'renamed']);
  });

  it('P2 keep nothing of a transaction that failed, whatever was read in it', async () => {
    const db = openDb(2);
    const [first, second] = [classRow('one', ['a']), classRow('two', ['a'])];
    await db.classes.bulkPut([first, second]);
    const failing = db.transaction('rw', db.classes, async () => {
      await db.classes.bulkPut([{ ...first, name: 'never' }, classRow('never too', ['a'])]);
      await db.classes.delete(second.classId);
      expect(await db.classes.count()).toBe(2);
      throw new Error('the tab crashed here');
    });
    await expect(failing).rejects.toThrow('crashed');
    expect((await db.classes.toArray()).map(({ name }) => name)).toEqual(['one', 'two']);
    await db.classes.bulkPut([classRow('three', ['a']), classRow('four', ['a'])]);
    expect((await db.classes.toArray()).map(({ name }) => name)).toEqual(['one', 'two', 'three', 'four']);
  });

  it('P4 a full disk fails the whole write, rather than leaving some rows out', async () => {
    const db = openDb(2);
    const kept = classRow('kept', ['a']);
    await db.classes.put(kept);
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('no space left', 'QuotaExceededError');
    });
    await expect(db.classes.bulkPut([{ ...kept, name: 'new' }, ...many(3)])).rejects.toThrow();
    full.mockRestore();
    expect((await db.classes.toArray()).map(({ name }) => name)).toEqual(['kept']);
  });

  it('P2 what one tab writes, another sees, in packs it had in memory too', async () => {
    const here = openDb(2);
    const there = openDb(2, here.userId);
    const rows = many(6);
    await here.classes.bulkPut(rows);
    const seen: string[][] = [];
    const subscription = liveQuery(() => there.classes.where('$scopes').equals('a').toArray()).subscribe(
      (found) => seen.push(found.map(({ name }) => name)),
    );
    await vi.waitFor(() => expect(seen.at(-1)).toHaveLength(6));
    const [first, second] = rows;
    if (!first || !second) throw new Error('there are six');
    await here.transaction('rw', here.classes, async () => {
      await here.classes.update(first.classId, { name: 'renamed' });
      await here.classes.delete(second.classId);
    });
    await vi.waitFor(() => expect(seen.at(-1)).toHaveLength(5));
    expect(seen.at(-1)).toContain('renamed');
    await here.classes.clear();
    await here.classes.bulkPut([classRow('all new', ['a']), classRow('too', ['a'])]);
    await vi.waitFor(() => expect(seen.at(-1)?.sort()).toEqual(['all new', 'too']));
    subscription.unsubscribe();
  });

  it('P3 writes begun together are all there, each in its place', async () => {
    const db = openDb(2);
    const rows = many(40);
    await db.classes.bulkPut(rows);
    await db.transaction('rw', db.classes, async () => {
      const both = await Promise.all([
        ...rows.slice(0, 10).map(({ classId }) => db.classes.delete(classId)),
        ...rows.slice(10, 20).map((row) => db.classes.put({ ...row, name: 'put' })),
        db.classes.count(),
      ]);
      expect(both.at(-1)).toBe(30);
    });
    expect(await db.classes.count()).toBe(30);
    expect(await db.classes.filter(({ name }) => name === 'put').count()).toBe(10);
  });

  it('what a reader does to a row stays with the reader', async () => {
    const db = openDb(2);
    const rows = many(2);
    await db.classes.bulkPut(rows);
    const read = await db.classes.get(rows[0]?.classId ?? '');
    read?.$scopes.push('mine');
    expect((await db.classes.get(rows[0]?.classId ?? ''))?.$scopes).toEqual(['a']);
  });

  it('P1 a row cannot be added twice, packed or not', async () => {
    const db = openDb(2);
    const rows = many(2);
    await db.classes.bulkPut(rows);
    const [row] = rows;
    if (!row) throw new Error('there are two');
    await expect(db.classes.add(row)).rejects.toMatchObject({ name: 'ConstraintError' });
    expect(await db.classes.count()).toBe(2);
  });
});

type Side = { db: LocalDb; tabs: LocalDb[] };

/** Every way a page may ask, over ids and chats that come again and again. */
function questions(ids: string[], chats: RichId<'chat'>[], random: () => number) {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const some = <T>(list: readonly T[]): T[] => list.filter(() => random() < 0.4);
  const [id, chat, low, high] = [pick(ids), pick(chats), pick(ids), pick(ids)];
  const [wanted, wantedChats, limit] = [some(ids), some(chats), Math.floor(random() * 5)];
  const [from, to] = low < high ? [low, high] : [high, low];
  const scope = pick(['a', 'b', 'c']);
  return {
    get: (db) => db.classes.get(id),
    bulkGet: (db) => db.classes.bulkGet(wanted),
    all: (db) => db.classes.toArray(),
    count: (db) => db.classes.count(),
    'count in a scope': (db) => db.classes.where('$scopes').equals(scope).count(),
    between: (db) =>
      db.classes
        .where('classId')
        .between(from, to, random() < 2, true)
        .toArray(),
    'not below': (db) => db.classes.where(':id').aboveOrEqual(from).primaryKeys(),
    'in a scope': (db) => db.classes.where('$scopes').equals(scope).toArray(),
    'in scopes': (db) => db.classes.where('$scopes').anyOf(['a', 'c']).distinct().toArray(),
    'scopes there are': (db) => db.classes.orderBy('$scopes').uniqueKeys(),
    'keys of scopes': (db) => db.classes.orderBy('$scopes').keys(),
    'each of a scope': async (db) => {
      const seen: unknown[] = [];
      await db.classes
        .where('$scopes')
        .equals(scope)
        .each((row, { primaryKey, key }) => seen.push([row.name, primaryKey, key]));
      return seen;
    },
    backwards: (db) => db.classes.toCollection().reverse().limit(limit).toArray(),
    'backwards by scope': (db) => db.classes.orderBy('$scopes').reverse().primaryKeys(),
    'some later': (db) => db.classes.toCollection().offset(limit).limit(3).toArray(),
    filtered: (db) => db.classes.filter(({ name }) => name > 'm').toArray(),
    'not these': (db) => db.classes.where('classId').noneOf(wanted).primaryKeys(),
    either: (db) => db.classes.where('classId').equals(id).or('groupId').equals(groupId).sortBy('classId'),
    'by group': (db) => db.classes.where('groupId').equals(groupId).last(),
    chat: (db) => db.messages.where('chatSessionId').equals(chat).toArray(),
    'chat in order': (db) =>
      db.messages
        .where('[chatSessionId+seq]')
        .between([chat, Dexie.minKey], [chat, Dexie.maxKey])
        .reverse()
        .toArray(),
    'last of a chat': (db) =>
      db.messages.where('[chatSessionId+seq]').between([chat, Dexie.minKey], [chat, Dexie.maxKey]).last(),
    'part of a chat': (db) =>
      db.messages.where('[chatSessionId+seq]').between([chat, 2], [chat, 4]).toArray(),
    chats: (db) => db.messages.where('chatSessionId').anyOf(wantedChats).toArray(),
    'beginning of ids': (db) => db.messages.where('chatSessionId').startsWith(chat.slice(0, 12)).count(),
  } satisfies Record<string, (db: LocalDb) => PromiseLike<unknown>>;
}

async function compare(seed: number): Promise<void> {
  const random = seededRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const ids = Array.from({ length: 24 }, () => newId('class'));
  const chats = Array.from({ length: 4 }, () => newId('chat'));
  const messageIds: string[] = [];
  const packedUser = newId('user');
  const plain: Side = { db: openDb(Number.POSITIVE_INFINITY), tabs: [] };
  const packed: Side = { db: openDb(3, packedUser), tabs: [openDb(3, packedUser), openDb(5, packedUser)] };
  const history: string[] = [];

  async function write(db: LocalDb, work: (db: LocalDb) => Promise<unknown>, aborts: boolean): Promise<void> {
    const failing = db.transaction('rw', db.classes, db.messages, async () => {
      await work(db);
      if (aborts) throw new Error('aborted on purpose');
    });
    await failing.catch((error: Error) => {
      if (!aborts) throw error;
    });
  }

  for (let step = 0; step < 120; step++) {
    const rows = Array.from({ length: Math.floor(random() * 12) }, () =>
      classRow(`${pick([...'abcxyz'])}${step}`, pick([['a'], ['b'], ['a', 'b'], ['c', 'a']]), pick(ids)),
    );
    const messages = Array.from({ length: Math.floor(random() * 10) }, (_, at) =>
      messageRow(pick(chats), step * 20 + at, `text ${step}`),
    );
    for (const message of messages) {
      if (messageIds.length > 0 && random() < 0.4) message.messageId = pick(messageIds) as RichId<'message'>;
      messageIds.push(message.messageId);
    }
    const gone = ids.filter(() => random() < 0.2);
    const [id, chat, clears] = [pick(ids), pick(chats), random() < 0.1];
    const [low, high] = [pick(ids), pick(ids)].sort();
    const works: Record<string, (db: LocalDb) => Promise<unknown>> = {
      'put classes': (db) => db.classes.bulkPut(rows),
      'put messages': (db) => db.messages.bulkPut(messages),
      'put one': (db) => db.classes.put(classRow(`one ${step}`, ['a'], id)),
      'delete some': (db) => db.classes.bulkDelete(gone),
      'delete a range': (db) => db.classes.where('classId').between(low, high).delete(),
      'delete by scope': (db) => db.classes.where('$scopes').equals('b').delete(),
      'delete a chat': (db) => db.messages.where('chatSessionId').equals(chat).delete(),
      update: (db) => db.classes.update(id, { name: `updated ${step}` }),
      modify: (db) =>
        db.classes
          .where('$scopes')
          .equals('a')
          .modify({ subject: `s${step}` }),
      'all at once': (db) =>
        Promise.all([
          db.classes.bulkPut(rows),
          db.classes.bulkDelete(gone),
          db.messages.bulkPut(messages),
          db.classes.update(id, { name: `at once ${step}` }),
        ]),
      clear: (db) => (clears ? db.classes.clear() : db.classes.bulkPut(rows)),
    };
    const name = pick(Object.keys(works));
    const work = works[name];
    if (!work) throw new Error('no such work');
    const aborts = random() < 0.2;
    history.push(`${name}${aborts ? ', aborted' : ''}`);
    await write(plain.db, work, aborts);
    await write(pick([packed.db, ...packed.tabs]), work, aborts);
    const asked = questions(ids, chats, random);
    for (const [question, ask] of Object.entries(asked)) {
      if (random() < 0.5) continue;
      const expected = await ask(plain.db);
      const tab = pick([packed.db, ...packed.tabs]);
      const inTransaction = random() < 0.3;
      const answer = inTransaction
        ? await tab.transaction('r', tab.tables, async () => ask(tab))
        : await ask(tab);
      expect(answer, `seed ${seed}, ${question} after ${history.join('; ')}`).toEqual(expected);
    }
  }
}

describe('packed and plain tables', () => {
  it.each([1, 2, 3, 4, 5, 6])(
    'P5 answer every question alike, whatever was written, aborted or read by whichever tab (seed %i)',
    compare,
    60_000,
  );
});
