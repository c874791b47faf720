import type { Assignment } from '@raptscallions/zod-schemas/assignment.zod';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { useUndoableEdit } from '../edits/use_undoable_edit';
import { AssignmentFields, readAssignmentText } from './AssignmentFields';

/** Changes what pupils read about a piece of work; tool and version stay as they were given. */
export function EditAssignmentDialog({
  assignment,
  onClose,
}: {
  assignment: Assignment;
  onClose: () => void;
}) {
  const undoableEdit = useUndoableEdit();
  const [text, setText] = useState({
    title: assignment.title,
    instructions: assignment.instructions ?? '',
    dueAt: assignment.dueAt,
  });
  const wanted = readAssignmentText(text);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!wanted) return;
    const { assignmentId, title, instructions, dueAt } = assignment;
    await undoableEdit({
      name: 'assignments.update',
      args: { assignmentId, ...wanted },
      opposite: { name: 'assignments.update', args: { assignmentId, title, instructions, dueAt } },
      done: `“${wanted.title}” changed`,
      icon: 'edit',
    });
    onClose();
  }

  return (
    <Dialog open onClose={onClose} title="Change assignment">
      <form className="contents" onSubmit={(event) => void submit(event)}>
        <div className="dialog-body">
          <AssignmentFields value={text} onChange={setText} />
        </div>
        <div className="dialog-foot">
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button look="primary" type="submit" blockedBecause={wanted ? null : 'Give it a title.'}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
