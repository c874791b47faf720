import { defineEdit, type Edit } from '../../sync/edit';

const createClass = defineEdit('classes.create', async (writer, args, actor) => {
  await writer.put('classes', {
    subject: null,
    ...args,
    createdAt: actor.now,
    updatedAt: actor.now,
  });
});

const updateClass = defineEdit('classes.update', async (writer, { classId, ...changes }, actor) => {
  await writer.update('classes', classId, { ...changes, updatedAt: actor.now });
});

/** An archived class leaves every screen; once the server has done it, only it can bring the rows back. */
const archiveClass = defineEdit('classes.archive', async (writer, { classId, archived }) => {
  if (archived) await writer.remove('classes', classId);
  else await writer.restore('classes', classId);
});

const addClassMember = defineEdit('classes.addMember', async (writer, args, actor) => {
  const known = await writer.db.classMembers
    .where('classId')
    .equals(args.classId)
    .filter((member) => member.userId === args.userId)
    .first();
  if (known) {
    // a person stands once in a class: adding them again changes their role
    await writer.update('classMembers', known.classMemberId, { role: args.role, updatedAt: actor.now });
    return;
  }
  await writer.put('classMembers', { ...args, createdAt: actor.now, updatedAt: actor.now });
});

const removeClassMember = defineEdit('classes.removeMember', async (writer, { classMemberId }) => {
  await writer.remove('classMembers', classMemberId);
});

export const classEdits: Edit[] = [createClass, updateClass, archiveClass, addClassMember, removeClassMember];
