import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { Tool } from '@raptscallions/zod-schemas/tool.zod';
import { Link } from '@tanstack/react-router';
import { useLiveQuery } from 'dexie-react-hooks';
import { type FormEvent, useState } from 'react';
import { Button, buttonClass } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { EmptyState } from '../../components/EmptyState';
import { Field } from '../../components/Field';
import { SkeletonList } from '../../components/Skeleton';
import { useLocalDb } from '../../local_db/local_db_context';
import { useMe, useTaughtClassIds } from '../auth/me_context';
import { useUndoableEdit } from '../edits/use_undoable_edit';
import { ModelNotice } from '../usage/ModelNotice';
import { AssignmentFields, type AssignmentText, readAssignmentText } from './AssignmentFields';
import { readClassChoices, readToolChoices } from './assignment.queries';
import { ToolPicker } from './ToolPicker';

/** What is known already when the dialog opens; the rest is asked. */
export type AssignTarget = { classId?: ClassId; toolId?: Tool['toolId'] };

/** Gives a published tool to a class: open, pick, assign. Everything else has a sensible default. */
export function AssignDialog({ target, onClose }: { target: AssignTarget; onClose: () => void }) {
  const db = useLocalDb();
  const me = useMe();
  const taught = useTaughtClassIds();
  const undoableEdit = useUndoableEdit();
  const admin = me.role === 'group_admin' || me.role === 'system_admin';
  const tools = useLiveQuery(() => readToolChoices(db), [db]);
  const classes = useLiveQuery(() => readClassChoices(db, admin ? null : taught), [db, admin, taught.join()]);
  const [toolId, setToolId] = useState(target.toolId ?? null);
  const [classId, setClassId] = useState(target.classId ?? null);
  const [text, setText] = useState<AssignmentText | null>(null);

  const tool = tools?.find((choice) => choice.tool.toolId === toolId) ?? null;
  // Held by authors and administrators only; nobody else is told of models.
  const versionId = tool?.version.toolVersionId;
  const source = useLiveQuery(() => (versionId ? db.toolSources.get(versionId) : undefined), [db, versionId]);
  const chosenClass =
    classes?.find((row) => row.classId === classId) ?? (classes?.length === 1 ? classes[0] : null) ?? null;
  // until somebody writes, the title is the tool's
  const shown = text ?? { title: tool?.version.name ?? '', instructions: '', dueAt: null };
  const wanted = readAssignmentText(shown);
  const missing = !tool
    ? 'Pick a tool first.'
    : !chosenClass
      ? 'Pick a class first.'
      : !wanted
        ? 'Give it a title.'
        : null;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!wanted || !tool || !chosenClass) return;
    const assignmentId = newId('assignment');
    const { toolId, toolVersionId } = tool.version;
    const { classId, name } = chosenClass;
    await undoableEdit({
      name: 'assignments.create',
      args: { assignmentId, classId, toolId, toolVersionId, ...wanted },
      opposite: { name: 'assignments.remove', args: { assignmentId, removed: true } },
      done: `“${wanted.title}” given to ${name}`,
      icon: 'task',
    });
    onClose();
  }

  const fixedClass = target.classId && chosenClass;
  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title={fixedClass ? `Assign to ${chosenClass.name}` : 'Assign a tool'}
      description="The pupils see it at once. The version you give now stays, also when you change the tool later."
    >
      {tools === undefined || classes === undefined ? (
        <div className="dialog-body">
          <SkeletonList label="Loading tools" />
        </div>
      ) : tools.length === 0 ? (
        <EmptyState
          title="No published tool yet"
          action={
            <Link className={buttonClass('primary')} to="/tools" onClick={onClose}>
              Go to the tools
            </Link>
          }
        >
          Only a published tool can be given to a class.
        </EmptyState>
      ) : classes.length === 0 ? (
        <EmptyState title="You teach no class yet">
          Your school’s IT adds you to a class; then you can give it tools.
        </EmptyState>
      ) : (
        <form className="contents" onSubmit={(event) => void submit(event)}>
          <div className="dialog-body">
            {!target.toolId && <ToolPicker choices={tools} value={toolId} onChange={setToolId} />}
            {!target.classId && (
              <Field label="Class">
                {(control) => (
                  <select
                    {...control}
                    className="input"
                    value={chosenClass?.classId ?? ''}
                    onChange={(event) =>
                      setClassId(classes.find((row) => row.classId === event.target.value)?.classId ?? null)
                    }
                  >
                    <option value="" disabled>
                      Choose a class
                    </option>
                    {classes.map((row) => (
                      <option key={row.classId} value={row.classId}>
                        {row.name}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
            )}
            {source && <ModelNotice groupId={chosenClass?.groupId ?? null} yaml={source.yaml} />}
            <AssignmentFields value={shown} onChange={setText} />
          </div>
          <div className="dialog-foot">
            <Button look="quiet" onClick={onClose}>
              Cancel
            </Button>
            <Button look="primary" type="submit" blockedBecause={missing}>
              Assign
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
