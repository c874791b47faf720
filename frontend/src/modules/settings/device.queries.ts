import { type SyncTableName, syncTableNames } from '@raptscallions/zod-schemas/sync_table';
import type { LocalDb } from '../../local_db/local_db';
import { describeEdit } from './describe_edit';

/** Rows by table, and texts that somebody began to write. */
export type Holdings = { rows: Record<SyncTableName, number>; drafts: number };

/** How much of everything this device holds. */
export async function readHoldings(db: LocalDb): Promise<Holdings> {
  const counts = await Promise.all(
    syncTableNames.map(async (table) => [table, await db.table(table).count()] as const),
  );
  return {
    rows: Object.fromEntries(counts) as Record<SyncTableName, number>,
    drafts: await db.drafts.count(),
  };
}

/** The sentences for queue entries or refusals, by their key. */
export async function readSentences(
  db: LocalDb,
  entries: readonly { key: string; name: string; args: unknown }[],
): Promise<Map<string, string>> {
  const pairs = await Promise.all(
    entries.map(async ({ key, name, args }) => [key, await describeEdit(db, name, args)] as const),
  );
  return new Map(pairs);
}
