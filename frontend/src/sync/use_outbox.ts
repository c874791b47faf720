import { useLiveQuery } from 'dexie-react-hooks';
import { useMemo } from 'react';
import type { OutboxRecord, RefusalRecord } from '../local_db/local_db';
import { useLocalDb } from '../local_db/local_db_context';
import { useSyncStatus } from './use_sync_status';

/** `mid` names the entry on this device; `sending`: it has been on the wire and waits to be confirmed. */
export type OutboxEntry = Pick<OutboxRecord, 'mid' | 'name' | 'args' | 'createdAt'> & {
  state: 'queued' | 'sending';
};

/** A refusal and what the edit wanted, so that it can be tried again; `args` null when this device forgot. */
export type Refusal = Omit<RefusalRecord, 'discarded'>;

const noRecords: OutboxRecord[] = [];
const noRefusals: Refusal[] = [];

/** The edits the server has not acknowledged, oldest first. */
export function useOutbox(): OutboxEntry[] {
  const db = useLocalDb();
  const { online } = useSyncStatus();
  const records = useLiveQuery(() => db.outbox.orderBy('mid').toArray(), [db], noRecords);
  return useMemo(
    () =>
      records.map(({ mid, name, args, createdAt, sentMid }) => ({
        mid,
        name,
        args,
        createdAt,
        state: sentMid !== null && online ? 'sending' : 'queued',
      })),
    [records, online],
  );
}

/** What the server would not do and nobody has seen to yet, with what it was asked for; oldest first. */
export function useRefusals(): Refusal[] {
  const db = useLocalDb();
  return useLiveQuery(
    () => db.refusals.filter((refusal) => !refusal.discarded).sortBy('createdAt'),
    [db],
    noRefusals,
  );
}
