import type { Group } from '@raptscallions/zod-schemas/group.zod';
import { liesIn } from '@raptscallions/zod-schemas/group_path';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { GroupField } from '../../components/GroupField';
import { useMe } from '../auth/me_context';
import { useUndoableEdit } from '../edits/use_undoable_edit';

/** Hangs a group, with all that is in it, under another one. */
export function MoveGroupDialog({ group, onClose }: { group: Group; onClose: () => void }) {
  const me = useMe();
  const undoableEdit = useUndoableEdit();
  const places = me.groups
    .filter(({ groupId }) => me.actor.adminGroupIds.includes(groupId))
    .filter(({ groupId, path }) => groupId !== group.parentGroupId && !liesIn(path, group.path))
    .sort((a, b) => a.name.localeCompare(b.name));
  const [chosen, setChosen] = useState(places[0]?.groupId);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const { groupId, name, parentGroupId } = group;
    if (!chosen || !parentGroupId) return;
    await undoableEdit({
      name: 'groups.move',
      args: { groupId, parentGroupId: chosen },
      opposite: { name: 'groups.move', args: { groupId, parentGroupId } },
      done: `${name} moved`,
      icon: 'right',
    });
    onClose();
  }

  return (
    <Dialog
      description="Its classes, people and groups go along, and are looked after by who looks after the new place."
      onClose={onClose}
      open
      title={`Move ${group.name}`}
    >
      <form className="contents" onSubmit={(event) => void submit(event)}>
        <div className="dialog-body">
          <GroupField label="Into" groups={places} groupId={chosen} onChange={setChosen} />
        </div>
        <div className="dialog-foot">
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            blockedBecause={chosen ? null : 'There is no other group you look after.'}
            look="primary"
            type="submit"
          >
            Move
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
