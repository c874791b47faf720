import { mayGiveRole } from '@raptscallions/policies/sign_in';
import { type GroupId, type GroupRole, groupRole } from '@raptscallions/zod-schemas/group.zod';
import { readKey, roleNames } from '@raptscallions/zod-schemas/role_names';
import type { FieldControl } from '../../components/Field';
import { useMe } from '../auth/me_context';

const fromBelow = groupRole.options.toReversed();

/** The roles one may give in a group, by their names. */
export function RoleSelect({
  groupId,
  role,
  onChange,
  label,
  control,
}: {
  groupId: GroupId;
  role: GroupRole;
  onChange: (role: GroupRole) => void;
  /** where no `Field` around it has one */
  label?: string;
  control?: FieldControl;
}) {
  const { actor } = useMe();
  return (
    <select
      {...control}
      aria-label={label}
      className="input"
      onChange={({ target }) => onChange(readKey(roleNames, target.value) ?? role)}
      value={role}
    >
      {fromBelow
        .filter((each) => mayGiveRole(actor, each, groupId))
        .map((each) => (
          <option key={each} value={each}>
            {roleNames[each]}
          </option>
        ))}
    </select>
  );
}
