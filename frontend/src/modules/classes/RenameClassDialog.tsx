import type { Class } from '@raptscallions/zod-schemas/class.zod';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { TextField } from '../../components/TextField';
import { useEdit } from '../../sync/sync_context';

/** A class's name and subject. */
export function RenameClassDialog({ row, onClose }: { row: Class; onClose: () => void }) {
  const edit = useEdit();
  const [name, setName] = useState(row.name);
  const [subject, setSubject] = useState(row.subject ?? '');

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!name.trim()) return;
    await edit('classes.update', {
      classId: row.classId,
      name: name.trim(),
      subject: subject.trim() || null,
    });
    onClose();
  }

  return (
    <Dialog open onClose={onClose} title="Rename class">
      <form className="contents" onSubmit={(event) => void submit(event)}>
        <div className="dialog-body">
          <TextField label="Name" maxLength={100} value={name} onChange={setName} />
          <TextField label="Subject" hint="Optional." maxLength={100} value={subject} onChange={setSubject} />
        </div>
        <div className="dialog-foot">
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button look="primary" type="submit" blockedBecause={name.trim() ? null : 'A class needs a name.'}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
