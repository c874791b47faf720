import type { Tool } from '@raptscallions/zod-schemas/tool.zod';
import { useCallback } from 'react';
import { toastUndo } from '../../components/toast';
import { useEdit } from '../../sync/sync_context';
import { useTakeBack } from '../edits/use_take_back';

/** Archives a tool at once and offers to take that back. */
export function useArchiveTool(): (tool: Tool) => Promise<void> {
  const edit = useEdit();
  const takeBack = useTakeBack();
  return useCallback(
    async ({ toolId, name }) => {
      const args = { toolId, archived: true };
      await edit('tools.archive', args);
      toastUndo(`“${name}” archived`, 'archive', () => {
        void takeBack({
          name: 'tools.archive',
          args,
          opposite: { name: 'tools.archive', args: { toolId, archived: false } },
        });
      });
    },
    [edit, takeBack],
  );
}
