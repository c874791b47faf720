import { groupPath, liesIn } from '@raptscallions/zod-schemas/group_path';
import { defineEdit, type Edit } from '../../sync/edit';

const createGroup = defineEdit('groups.create', async (writer, args, actor) => {
  const parent = await writer.db.groups.get(args.parentGroupId);
  if (!parent) return;
  const path = groupPath(parent.path, args.groupId);
  await writer.put('groups', { ...args, settings: {}, path, createdAt: actor.now, updatedAt: actor.now });
});

const updateGroup = defineEdit(
  'groups.update',
  async (writer, { groupId, theme, retentionDays, ...changes }, actor) => {
    const found = await writer.db.groups.get(groupId);
    if (!found) return;
    const settings = { ...found.settings };
    if (theme !== undefined) settings.theme = theme ?? undefined;
    if (retentionDays !== undefined) settings.retentionDays = retentionDays ?? undefined;
    await writer.update('groups', groupId, { ...changes, settings, updatedAt: actor.now });
  },
);

const moveGroup = defineEdit('groups.move', async (writer, { groupId, parentGroupId }, actor) => {
  const [found, parent] = await Promise.all([
    writer.db.groups.get(groupId),
    writer.db.groups.get(parentGroupId),
  ]);
  if (!found || !parent || liesIn(parent.path, found.path)) return;
  const path = groupPath(parent.path, groupId);
  for (const each of await writer.db.groups.toArray()) {
    if (!liesIn(each.path, found.path)) continue;
    const changes = { path: path + each.path.slice(found.path.length), updatedAt: actor.now };
    await writer.update('groups', each.groupId, changes);
  }
  await writer.update('groups', groupId, { parentGroupId });
});

/** An archived group leaves every screen; once the server has done it, only it can bring the row back. */
const archiveGroup = defineEdit('groups.archive', async (writer, { groupId, archived }) => {
  if (archived) await writer.remove('groups', groupId);
  else await writer.restore('groups', groupId);
});

const setGroupMember = defineEdit('groups.setMember', async (writer, args, actor) => {
  const known = await writer.db.groupMembers
    .where('userId')
    .equals(args.userId)
    .filter((member) => member.groupId === args.groupId)
    .first();
  if (known) {
    await writer.update('groupMembers', known.groupMemberId, { role: args.role, updatedAt: actor.now });
    return;
  }
  await writer.put('groupMembers', { ...args, createdAt: actor.now, updatedAt: actor.now });
});

const removeGroupMember = defineEdit('groups.removeMember', async (writer, { groupMemberId }) => {
  await writer.remove('groupMembers', groupMemberId);
});

export const groupEdits: Edit[] = [
  createGroup,
  updateGroup,
  moveGroup,
  archiveGroup,
  setGroupMember,
  removeGroupMember,
];
