import type { Assignment } from '@raptscallions/zod-schemas/assignment.zod';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { Field } from '../../components/Field';
import { useEdit } from '../../sync/sync_context';
import { DueField } from './DueField';

/** Changes what pupils read about a piece of work; tool and version stay as they were given. */
export function EditAssignmentDialog({
  assignment,
  onClose,
}: {
  assignment: Assignment;
  onClose: () => void;
}) {
  const edit = useEdit();
  const [title, setTitle] = useState(assignment.title);
  const [instructions, setInstructions] = useState(assignment.instructions ?? '');
  const [dueAt, setDueAt] = useState(assignment.dueAt);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!title.trim()) return;
    await edit('assignments.update', {
      assignmentId: assignment.assignmentId,
      title: title.trim(),
      instructions: instructions.trim() || null,
      dueAt,
    });
    onClose();
  }

  return (
    <Dialog open onClose={onClose} title="Change assignment">
      <form className="contents" onSubmit={(event) => void submit(event)}>
        <div className="dialog-body">
          <Field label="Title">
            {(control) => (
              <input
                {...control}
                className="input"
                maxLength={200}
                value={title}
                onChange={(event) => setTitle(event.target.value)}
              />
            )}
          </Field>
          <Field label="Instructions">
            {(control) => (
              <textarea
                {...control}
                className="input"
                rows={4}
                maxLength={5_000}
                value={instructions}
                onChange={(event) => setInstructions(event.target.value)}
              />
            )}
          </Field>
          <DueField value={dueAt} onChange={setDueAt} />
        </div>
        <div className="dialog-foot">
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button look="primary" type="submit" blockedBecause={title.trim() ? null : 'Give it a title.'}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
