import { allowsModel } from '@raptscallions/policies/choose_model';
import { parseToolYaml } from '@raptscallions/tool-yaml/parse_tool_yaml';
import type { GroupId } from '@raptscallions/zod-schemas/group.zod';
import { useMemo } from 'react';
import { Icon } from '../../components/Icon';
import { useMe } from '../auth/me_context';
import { allowListsOf } from './allow_lists';

/** Says before anybody is refused that a tool asks for a model its group does not allow, and which ones it does. */
export function ModelNotice({ yaml, groupId }: { yaml: string; groupId: GroupId | null }) {
  const { groups } = useMe();
  const model = useMemo(() => {
    const parsed = parseToolYaml(yaml);
    return parsed.ok ? parsed.tool.model : undefined;
  }, [yaml]);
  const lists = allowListsOf(groups, groupId);
  if (model === undefined || allowsModel(lists, model)) return null;
  const group = groups.find((each) => each.groupId === groupId);
  const offered = (lists[0] ?? []).filter((name) => name.endsWith('*') || allowsModel(lists, name));
  return (
    <p className="banner warm flat" role="status">
      <Icon name="warn" />
      <span>
        <b>
          {group?.name ?? 'The school'} does not allow the model {model}.
        </b>{' '}
        {offered.length > 0 ? `It allows ${offered.join(', ')}. ` : ''}
        Leave the line “model” out for the school’s own choice.
      </span>
    </p>
  );
}
