import { defineEdit, type Edit } from '../../sync/edit';

const createAssignment = defineEdit('assignments.create', async (writer, args, actor) => {
  await writer.put('assignments', {
    instructions: null,
    dueAt: null,
    ...args,
    assignedByUserId: actor.userId,
    createdAt: actor.now,
    updatedAt: actor.now,
  });
});

const updateAssignment = defineEdit(
  'assignments.update',
  async (writer, { assignmentId, ...changes }, actor) => {
    await writer.update('assignments', assignmentId, { ...changes, updatedAt: actor.now });
  },
);

const removeAssignment = defineEdit('assignments.remove', async (writer, { assignmentId, removed }) => {
  if (removed) await writer.remove('assignments', assignmentId);
  else await writer.restore('assignments', assignmentId);
});

export const assignmentEdits: Edit[] = [createAssignment, updateAssignment, removeAssignment];
