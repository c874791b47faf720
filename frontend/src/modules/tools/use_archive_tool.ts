import type { Tool } from '@raptscallions/zod-schemas/tool.zod';
import { useCallback } from 'react';
import { useUndoableEdit } from '../edits/use_undoable_edit';

/** Archives a tool at once and offers to take that back. */
export function useArchiveTool(): (tool: Tool) => Promise<void> {
  const undoableEdit = useUndoableEdit();
  return useCallback(
    ({ toolId, name }) =>
      undoableEdit({
        name: 'tools.archive',
        args: { toolId, archived: true },
        opposite: { name: 'tools.archive', args: { toolId, archived: false } },
        done: `“${name}” archived`,
        icon: 'archive',
      }),
    [undoableEdit],
  );
}
