import type { Group, GroupId } from '@raptscallions/zod-schemas/group.zod';
import type { ReactNode } from 'react';
import { Field } from './Field';

/** One of some groups, chosen by name. */
export function GroupField({
  label,
  hint,
  groups,
  groupId,
  onChange,
}: {
  label: string;
  hint?: ReactNode;
  groups: readonly Pick<Group, 'groupId' | 'name'>[];
  groupId: GroupId | null | undefined;
  onChange: (groupId: GroupId) => void;
}) {
  return (
    <Field hint={hint} label={label}>
      {(control) => (
        <select
          {...control}
          className="input"
          onChange={({ target }) => {
            const chosen = groups[target.selectedIndex];
            if (chosen) onChange(chosen.groupId);
          }}
          value={groupId ?? ''}
        >
          {groups.map((group) => (
            <option key={group.groupId} value={group.groupId}>
              {group.name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
