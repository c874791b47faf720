import { type EditArgs, type EditName, editInputs } from '@raptscallions/zod-schemas/edit.zod';
import { useCallback } from 'react';
import type { IconName } from '../../components/Icon';
import { toastUndo } from '../../components/toast';
import { useLocalDb } from '../../local_db/local_db_context';
import { useEdit, useSync } from '../../sync/sync_context';

type UndoableEdit<N extends EditName, O extends EditName> = {
  name: N;
  args: EditArgs<N>;
  /** what puts it right on the server once the edit has gone out */
  opposite: { name: O; args: EditArgs<O> };
  /** what has happened, for the note that offers to take it back */
  done: string;
  icon: IconName;
  /** what else is put right when it is taken back */
  onUndo?: () => void;
};

/**
 * An edit that happens at once and is offered to be taken back. While it still waits here it is then simply removed
 * from the queue, which puts the screen back at once, offline too; when it has gone out, its opposite is sent after it.
 */
export function useUndoableEdit() {
  const db = useLocalDb();
  const sync = useSync();
  const edit = useEdit();
  return useCallback(
    async <N extends EditName, O extends EditName>({
      name,
      args,
      opposite,
      done,
      icon,
      onUndo,
    }: UndoableEdit<N, O>): Promise<void> => {
      const takeBack = async () => {
        // the queue holds arguments as their schema puts them out
        const wanted = JSON.stringify(editInputs[name].parse(args));
        const waiting = await db.outbox.toArray();
        const entry = waiting.findLast((row) => row.name === name && JSON.stringify(row.args) === wanted);
        if (entry && (await sync.removeQueued(entry.mid))) return;
        await edit(opposite.name, opposite.args);
      };
      await edit(name, args);
      toastUndo(done, icon, () => {
        onUndo?.();
        void takeBack();
      });
    },
    [db, sync, edit],
  );
}
