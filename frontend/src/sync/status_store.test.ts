import 'fake-indexeddb/auto';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deleteLocalDb, type LocalDb, openLocalDb } from '../local_db/local_db';
import { writeMeta } from '../local_db/meta';
import { unknownStatus } from './read_sync_status';
import { StatusStore } from './status_store';
import { eventually } from './test/harness';

const userId = newId('user');
let db: LocalDb;
beforeEach(() => {
  db = openLocalDb(userId);
});
afterEach(async () => {
  db.close();
  await deleteLocalDb(userId);
});

describe('StatusStore', () => {
  it('T2 says in this tab what another has written, and is silent once nobody listens', async () => {
    const store = new StatusStore(db);
    let told = 0;
    const stop = store.subscribe(() => {
      told += 1;
    });
    expect(store.get()).toBe(unknownStatus);
    const leader = openLocalDb(userId);
    await writeMeta(leader, 'offlineSince', 5_000);
    await leader.outbox.add({ sentMid: 1, name: 'classes.create', args: {}, createdAt: 1 });
    await eventually(() => {
      expect(store.get()).toMatchObject({ online: false, offlineSince: 5_000, queued: 1, sending: false });
    });
    await writeMeta(leader, 'offlineSince', null);
    await eventually(() => expect(store.get()).toMatchObject({ online: true, sending: true }));
    stop();
    const before = told;
    await writeMeta(leader, 'signedOut', true);
    const again = new StatusStore(db);
    const stopAgain = again.subscribe(() => undefined);
    await eventually(() => expect(again.get().signedOut).toBe(true));
    expect(told).toBe(before);
    stopAgain();
    leader.close();
  });
});
