import { newId } from '@raptscallions/zod-schemas/rich_id';
import { useNavigate } from '@tanstack/react-router';
import { useLiveQuery } from 'dexie-react-hooks';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { fold } from '../../components/fold';
import { GroupField } from '../../components/GroupField';
import { TextField } from '../../components/TextField';
import { useLocalDb } from '../../local_db/local_db_context';
import { useEdit } from '../../sync/sync_context';
import { useMe } from '../auth/me_context';

/** A new class in one of the groups the person administers. */
export function NewClassDialog({ onClose }: { onClose: () => void }) {
  const db = useLocalDb();
  const me = useMe();
  const edit = useEdit();
  const navigate = useNavigate();
  const groups = me.groups
    .filter((group) => me.actor.adminGroupIds.includes(group.groupId))
    .sort(
      (a, b) => (a.kind === 'school' ? 0 : 1) - (b.kind === 'school' ? 0 : 1) || a.name.localeCompare(b.name),
    );
  const [name, setName] = useState('');
  const [subject, setSubject] = useState('');
  const [groupId, setGroupId] = useState(groups[0]?.groupId ?? null);
  const taken = useLiveQuery(
    async () =>
      (await db.classes.toArray()).some(
        (row) => row.groupId === groupId && fold(row.name) === fold(name.trim()),
      ),
    [db, groupId, name],
  );

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!groupId || !name.trim() || taken) return;
    const classId = newId('class');
    await edit('classes.create', { classId, groupId, name: name.trim(), subject: subject.trim() || null });
    onClose();
    await navigate({ to: '/classes/$classId', params: { classId } });
  }

  return (
    <Dialog open onClose={onClose} title="New class">
      <form className="contents" onSubmit={(event) => void submit(event)}>
        <div className="dialog-body">
          <TextField
            label="Name"
            error={taken ? 'A class of this name exists in this school already.' : null}
            maxLength={100}
            placeholder="8B Science"
            value={name}
            onChange={setName}
          />
          <TextField label="Subject" hint="Optional." maxLength={100} value={subject} onChange={setSubject} />
          {groups.length > 1 && (
            <GroupField
              label="School or department"
              groups={groups}
              groupId={groupId}
              onChange={setGroupId}
            />
          )}
        </div>
        <div className="dialog-foot">
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            look="primary"
            type="submit"
            blockedBecause={!name.trim() ? 'Give it a name.' : taken ? 'Choose another name.' : null}
          >
            Make class
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
