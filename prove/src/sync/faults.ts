import { syncTableNames } from '@raptscallions/zod-schemas/sync_table';
import { edits } from '../../../frontend/src/edits';
import type { LocalDb } from '../../../frontend/src/local_db/local_db';
import { relayOverlay } from '../../../frontend/src/sync/overlay';
import type { SyncApi } from '../../../frontend/src/sync/surroundings';

export const faults = ['timestamp-cursor', 'merge-for-replace', 'acknowledge-by-response'] as const;
export type Fault = (typeof faults)[number];

const editsByName = new Map(edits.map((edit) => [edit.name, edit]));

/**
 * Faults are put between the parts of the product, from here: none has a switch in it. The timestamp cursor
 * lies in the database, see `database.ts`; the others lie between the engine and what it is given.
 */
export function withFault(fault: Fault | null, db: LocalDb, api: SyncApi): SyncApi {
  if (fault === 'merge-for-replace') keepReplacedRows(db);
  if (fault !== 'acknowledge-by-response') return api;
  return {
    ...api,
    async push(input, options) {
      const answer = await api.push(input, options);
      await db.transaction('rw', db.tables, async () => {
        await db.outbox.where('sentMid').belowOrEqual(answer.lastMid).delete();
        await relayOverlay(db, editsByName);
      });
      return answer;
    },
  };
}

/** A load from the beginning empties no table: what it brings is merged into what is there. */
function keepReplacedRows(db: LocalDb): void {
  const synced = new Set<string>(syncTableNames);
  db.use({
    stack: 'dbcore',
    name: 'merge for replace',
    create: (core) => ({
      ...core,
      table(name) {
        const table = core.table(name);
        if (!synced.has(name)) return table;
        return {
          ...table,
          mutate: (request) =>
            request.type === 'deleteRange'
              ? Promise.resolve({ numFailures: 0, failures: {}, lastResult: undefined })
              : table.mutate(request),
        };
      },
    }),
  });
}
