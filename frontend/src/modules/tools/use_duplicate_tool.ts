import type { Tool } from '@raptscallions/zod-schemas/tool.zod';
import { useCallback } from 'react';
import { toastNote } from '../../components/toast';
import { useLocalDb } from '../../local_db/local_db_context';
import { useMe } from '../auth/me_context';
import { readToolDetail } from './tool.queries';
import { useMakeTool } from './use_make_tool';
import { withName, withVersion } from './version_number';

/** A new draft with the newest text of a tool, 1.0.0 again, in the person's own group. */
export function useDuplicateTool(): (tool: Tool) => Promise<void> {
  const db = useLocalDb();
  const me = useMe();
  const make = useMakeTool();
  return useCallback(
    async (tool) => {
      const detail = await readToolDetail(db, tool.toolId);
      const version = detail?.draft ?? detail?.published;
      const source = version && detail?.sources.get(version.toolVersionId);
      const staff = me.actor.staffGroupIds;
      const groupId = tool.groupId && staff.includes(tool.groupId) ? tool.groupId : staff[0];
      if (!source || !groupId) {
        toastNote('Only the author of a tool can duplicate it', 'lock');
        return;
      }
      const name = `${tool.name} copy`;
      await make({ name, groupId, yaml: withVersion(withName(source.yaml, name), '1.0.0') });
    },
    [db, me, make],
  );
}
