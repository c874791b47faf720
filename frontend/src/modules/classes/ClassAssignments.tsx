import type { Assignment } from '@raptscallions/zod-schemas/assignment.zod';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button, buttonClass } from '../../components/Button';
import { EmptyState } from '../../components/EmptyState';
import { formatDay, formatDue } from '../../components/format_moment';
import { Icon } from '../../components/Icon';
import { IconButton } from '../../components/IconButton';
import { Menu, MenuItem } from '../../components/Menu';
import { EditAssignmentDialog } from '../assignments/EditAssignmentDialog';
import { StartedBar } from '../assignments/StartedBar';
import { useUndoableEdit } from '../edits/use_undoable_edit';
import type { ClassDetail } from './class.queries';

/** What the class was given and, for its teachers, how many have begun: nobody else holds the chats. */
export function ClassAssignments({
  detail,
  now,
  mayChange,
  seesChats,
  onAssign,
}: {
  detail: ClassDetail;
  now: number;
  mayChange: boolean;
  seesChats: boolean;
  onAssign: () => void;
}) {
  const undoableEdit = useUndoableEdit();
  const [changing, setChanging] = useState<Assignment | null>(null);
  const pupils = detail.pupils.length;

  async function remove({ assignmentId, title }: Assignment) {
    await undoableEdit({
      name: 'assignments.remove',
      args: { assignmentId, removed: true },
      opposite: { name: 'assignments.remove', args: { assignmentId, removed: false } },
      done: `“${title}” taken back from ${detail.row.name}`,
      icon: 'trash',
    });
  }

  return (
    <section aria-labelledby="assignments">
      <div className="sec-head">
        <h2 id="assignments">Assignments</h2>
      </div>
      {detail.assignments.length === 0 ? (
        <div className="card">
          <EmptyState
            title="Nothing given to this class yet"
            action={
              mayChange && (
                <Button icon="task" onClick={onAssign}>
                  Assign a tool
                </Button>
              )
            }
          >
            {mayChange
              ? 'Pick a tool, and every pupil of the class can start at once.'
              : 'The teachers of this class give it tools to work with.'}
          </EmptyState>
        </div>
      ) : (
        <ul className="list card stacks">
          {detail.assignments.map(({ assignment, toolName, version, kind, started }) => {
            const past = assignment.dueAt !== null && assignment.dueAt < now;
            return (
              <li key={assignment.assignmentId}>
                <span className={`mark ${past ? '' : 'green'}`}>
                  <Icon name="task" />
                </span>
                <div className="grow">
                  <b className="break">{assignment.title}</b>
                  <p className="small soft">
                    <Link to="/tools/$toolId" params={assignment}>
                      {toolName}
                    </Link>{' '}
                    {version},{' '}
                    {assignment.dueAt === null
                      ? `no due date, given ${formatDay(assignment.createdAt, now)}`
                      : past
                        ? `was due ${formatDay(assignment.dueAt, now)}`
                        : `due ${formatDue(assignment.dueAt, now)}`}
                  </p>
                  {seesChats && <StartedBar started={started} pupils={pupils} />}
                </div>
                {mayChange && kind === 'product' && (
                  <Link
                    aria-label={`Results: ${assignment.title}`}
                    className={buttonClass(undefined, true)}
                    search={{ assignmentId: assignment.assignmentId }}
                    to="/results"
                  >
                    Results
                  </Link>
                )}
                {mayChange && (
                  <Menu trigger={<IconButton icon="more" label={`More for ${assignment.title}`} />}>
                    <MenuItem icon="edit" onSelect={() => setChanging(assignment)}>
                      Change title, instructions, due date
                    </MenuItem>
                    <MenuItem icon="trash" onSelect={() => void remove(assignment)}>
                      Take back from the class
                    </MenuItem>
                  </Menu>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {changing && <EditAssignmentDialog assignment={changing} onClose={() => setChanging(null)} />}
    </section>
  );
}
