import { mayGiveRole } from '@raptscallions/policies/sign_in';
import type { GroupId, GroupRole } from '@raptscallions/zod-schemas/group.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { roleNames } from '@raptscallions/zod-schemas/role_names';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/Button';
import { IconButton } from '../../components/IconButton';
import { useMe } from '../auth/me_context';
import { useUndoableEdit } from '../edits/use_undoable_edit';
import type { AdminGroup } from './PeoplePage';
import type { Membership, Person } from './people.queries';
import { RoleSelect } from './RoleSelect';

/** What somebody is where. Choosing changes nothing yet: arrow keys pass through every choice on their way. */
export function GroupsOfPerson({ person, groups }: { person: Person; groups: AdminGroup[] }) {
  const { user, memberships } = person;
  const { userId, name } = user;
  const undoableEdit = useUndoableEdit();
  const free = groups.filter(({ groupId }) => !memberships.some((each) => each.groupId === groupId));

  async function setRole({ groupMemberId, groupId, groupName, role: before }: Membership, role: GroupRole) {
    const args = { groupMemberId, groupId, userId, role };
    await undoableEdit({
      name: 'groups.setMember',
      args,
      opposite: { name: 'groups.setMember', args: { ...args, role: before } },
      done: `${name} is ${roleNames[role]} in ${groupName}`,
      icon: 'users',
    });
  }

  async function remove({ groupMemberId, groupId, groupName, role }: Membership) {
    await undoableEdit({
      name: 'groups.removeMember',
      args: { groupMemberId },
      opposite: { name: 'groups.setMember', args: { groupMemberId, groupId, userId, role } },
      done: `${name} taken out of ${groupName}`,
      icon: 'users',
    });
  }

  async function add({ groupId, name: groupName }: AdminGroup, role: GroupRole) {
    const groupMemberId = newId('groupmember');
    await undoableEdit({
      name: 'groups.setMember',
      args: { groupMemberId, groupId, userId, role },
      opposite: { name: 'groups.removeMember', args: { groupMemberId } },
      done: `${name} is ${roleNames[role]} in ${groupName}`,
      icon: 'users',
    });
  }

  return (
    <section aria-label="Groups" className="stack">
      <ul className="list card stacks">
        {memberships.map((membership) => (
          <MembershipLine
            key={`${membership.groupMemberId} ${membership.role}`}
            membership={membership}
            onRemove={() => void remove(membership)}
            onRole={(role) => void setRole(membership, role)}
          />
        ))}
      </ul>
      {free.length > 0 && (
        <NewMembership
          groups={free}
          onAdd={(group, role) => void add(group, role)}
          usual={memberships[0]?.role === 'teacher' ? 'teacher' : 'student'}
        />
      )}
    </section>
  );
}

function MembershipLine({
  membership: { groupId, groupName, role },
  onRole,
  onRemove,
}: {
  membership: Membership;
  onRole: (role: GroupRole) => void;
  onRemove: () => void;
}) {
  const { actor } = useMe();
  const [chosen, setChosen] = useState(role);
  // Who may not give a role may not take it either.
  if (!mayGiveRole(actor, role, groupId)) {
    return (
      <li>
        <b className="grow break">{groupName}</b>
        <span>{roleNames[role]}</span>
      </li>
    );
  }
  return (
    <li>
      <b className="grow break">{groupName}</b>
      <RoleSelect groupId={groupId} label={`Role in ${groupName}`} onChange={setChosen} role={chosen} />
      {chosen !== role && (
        <Button onClick={() => onRole(chosen)} small>
          Change
        </Button>
      )}
      <IconButton icon="x" label={`Take out of ${groupName}`} onClick={onRemove} />
    </li>
  );
}

function NewMembership({
  groups,
  usual,
  onAdd,
}: {
  groups: AdminGroup[];
  usual: GroupRole;
  onAdd: (group: AdminGroup, role: GroupRole) => void;
}) {
  const [groupId, setGroupId] = useState<GroupId | null>(null);
  const [role, setRole] = useState(usual);
  const group = groups.find((each) => each.groupId === groupId);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!group) return;
    onAdd(group, role);
    setGroupId(null);
  }

  return (
    <form className="row wrap filters" onSubmit={submit}>
      <select
        aria-label="Put into another group"
        className="input"
        onChange={({ target }) =>
          setGroupId(groups.find((each) => each.groupId === target.value)?.groupId ?? null)
        }
        value={group?.groupId ?? ''}
      >
        <option value="">Put into another group …</option>
        {groups.map((each) => (
          <option key={each.groupId} value={each.groupId}>
            {each.name}
          </option>
        ))}
      </select>
      {group && (
        <>
          <RoleSelect
            groupId={group.groupId}
            label={`Role in ${group.name}`}
            onChange={setRole}
            role={role}
          />
          <Button small type="submit">
            Put in
          </Button>
        </>
      )}
    </form>
  );
}
