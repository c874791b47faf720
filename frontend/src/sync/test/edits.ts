import { defineEdit, type Edit } from '../edit';

/** Edits of their own, so that what is proved here does not hang on a feature. */
export const testEdits: Edit[] = [
  defineEdit('classes.create', async (writer, args, actor) => {
    await writer.put('classes', { subject: null, ...args, createdAt: actor.now, updatedAt: actor.now });
  }),
  defineEdit('classes.update', async (writer, { classId, ...changes }, actor) => {
    await writer.update('classes', classId, { ...changes, updatedAt: actor.now });
  }),
  defineEdit('classes.archive', async (writer, { classId }) => {
    await writer.remove('classes', classId);
  }),
  /** writes, then finds that it cannot go on where the member is unknown */
  defineEdit('classes.removeMember', async (writer, { classMemberId }) => {
    const member = await writer.db.classMembers.get(classMemberId);
    if (member) await writer.update('classes', member.classId, { name: 'half done' });
    await writer.remove('classMembers', classMemberId);
    if (member?.role !== 'student') throw new Error('cannot be applied');
  }),
];
export const testEditsByName = new Map(testEdits.map((edit) => [edit.name, edit]));
