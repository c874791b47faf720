import type { GroupId } from '@raptscallions/zod-schemas/group.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { fold } from '../../components/fold';
import { useLocalDb } from '../../local_db/local_db_context';
import { useEdit } from '../../sync/sync_context';
import { withName } from './version_number';

/** Makes a draft out of a text under a name that is free on this device, and opens it. */
export function useMakeTool(): (input: { yaml: string; name: string; groupId: GroupId }) => Promise<void> {
  const db = useLocalDb();
  const edit = useEdit();
  const navigate = useNavigate();
  return useCallback(
    async ({ yaml, name, groupId }) => {
      const taken = new Set((await db.tools.toArray()).map((tool) => fold(tool.name)));
      let free = name;
      for (let count = 2; taken.has(fold(free)); count++) free = `${name} ${count}`;
      const toolId = newId('tool');
      await edit('tools.save', {
        toolId,
        toolVersionId: newId('toolversion'),
        groupId,
        yaml: free === name ? yaml : withName(yaml, free),
      });
      await navigate({ to: '/tools/$toolId', params: { toolId } });
    },
    [db, edit, navigate],
  );
}
