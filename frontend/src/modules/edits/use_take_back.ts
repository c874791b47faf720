import { type EditArgs, type EditName, editInputs } from '@raptscallions/zod-schemas/edit.zod';
import { useCallback } from 'react';
import { useLocalDb } from '../../local_db/local_db_context';
import { useEdit, useSync } from '../../sync/sync_context';

type Undone<N extends EditName, O extends EditName> = {
  name: N;
  args: EditArgs<N>;
  /** what puts it right on the server once the edit has gone out */
  opposite: { name: O; args: EditArgs<O> };
};

/**
 * Takes an edit back: while it still waits here it is simply removed from the queue, which puts the screen
 * back at once, offline too; when it has gone out, its opposite is sent after it.
 */
export function useTakeBack() {
  const db = useLocalDb();
  const sync = useSync();
  const edit = useEdit();
  return useCallback(
    async <N extends EditName, O extends EditName>({ name, args, opposite }: Undone<N, O>): Promise<void> => {
      // the queue holds arguments as their schema puts them out
      const wanted = JSON.stringify(editInputs[name].parse(args));
      const waiting = await db.outbox.toArray();
      const entry = waiting.findLast((row) => row.name === name && JSON.stringify(row.args) === wanted);
      if (entry && (await sync.removeQueued(entry.mid))) return;
      await edit(opposite.name, opposite.args);
    },
    [db, sync, edit],
  );
}
