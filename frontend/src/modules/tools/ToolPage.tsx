import { may } from '@raptscallions/policies/ability';
import type { Tool } from '@raptscallions/zod-schemas/tool.zod';
import { useLiveQuery } from 'dexie-react-hooks';
import { NotHere } from '../../components/NotHere';
import { SkeletonPage } from '../../components/Skeleton';
import { useLocalDb } from '../../local_db/local_db_context';
import { useSyncStatus } from '../../sync/use_sync_status';
import { useMe } from '../auth/me_context';
import { ToolAbout } from './ToolAbout';
import { ToolWorkbench } from './ToolWorkbench';
import { readToolDetail } from './tool.queries';

/** One tool: its author works on it, everybody else reads what it is for. */
export function ToolPage({ toolId }: { toolId: Tool['toolId'] }) {
  const db = useLocalDb();
  const me = useMe();
  const { firstLoad } = useSyncStatus();
  const detail = useLiveQuery(() => readToolDetail(db, toolId), [db, toolId]);
  if (detail === undefined || (detail === null && firstLoad)) return <SkeletonPage />;
  if (detail === null) {
    return (
      <NotHere title="This tool is not on this device" back="/tools" backLabel="All tools">
        It may have been archived, or it belongs to another school.
      </NotHere>
    );
  }
  const mayChange = may(me.ability, 'update', 'Tool', { ...detail.tool, givenTo: [] });
  // the YAML is a row of its own, which only its author and administrators are sent
  if (detail.sources.size === 0) return <ToolAbout detail={detail} />;
  return <ToolWorkbench key={toolId} detail={detail} mayChange={mayChange} />;
}
