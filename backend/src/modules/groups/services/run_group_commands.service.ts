import { type GroupId, GroupMandatoryZod, groupId } from '@raptscallions/zod-schemas/group.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { defineCommand, type Program } from '../../../lib/define_command';
import {
  actFromCommandLine,
  type CommandTools,
  readFromCommandLine,
} from '../../audit/services/act_from_command_line.service';
import { archiveGroup } from './archive_group.service';
import { createGroup } from './create_group.service';
import { moveGroup } from './move_group.service';
import { updateGroup } from './update_group.service';

const usage = `yarn groups <command> --tenant-id tenant-…
  list                                          the groups as a tree, archived ones too
  create   --parent group-… --name <name> --kind district|school|department|custom
  rename   --group group-… --name <name>
  move     --group group-… --parent group-…     with everything below it
  archive  --group group-…                      an empty one
  restore  --group group-…
`;

const { name, kind } = GroupMandatoryZod.shape;
const one = z.object({ tenantId, group: groupId });

type Row = { groupId: GroupId; parentGroupId: GroupId | null; name: string; kind: string; archived: boolean };
type Branch = Omit<Row, 'parentGroupId'> & { groups: Branch[] };

/** Groups from the command line, by the services the pages call. */
export const groupProgram: Program<CommandTools> = {
  usage,
  commands: {
    list: defineCommand(z.object({ tenantId }), (tools, { tenantId }) =>
      readFromCommandLine(tools, tenantId, null, async ({ db }) => {
        const found = await db.groups
          .includeDeleted()
          .where(stored({ tenantId }))
          .select('groupId', 'parentGroupId', 'name', 'kind', 'deletedAt')
          .order('name');
        return branchesOf(
          found.map(({ deletedAt, ...group }) => ({ ...group, archived: deletedAt !== null })),
          null,
        );
      }),
    ),

    create: defineCommand(
      z.object({ tenantId, parent: groupId, name, kind }),
      async (tools, { tenantId, parent, ...named }) => {
        const input = { groupId: newId('group'), parentGroupId: parent, ...named };
        await actFromCommandLine(tools, { tenantId, action: 'groups.create' }, input, createGroup);
        return input;
      },
    ),

    rename: defineCommand(one.extend({ name }), async (tools, { tenantId, group, name }) => {
      const input = { groupId: group, name };
      await actFromCommandLine(tools, { tenantId, action: 'groups.update' }, input, updateGroup);
      return input;
    }),

    move: defineCommand(one.extend({ parent: groupId }), async (tools, { tenantId, group, parent }) => {
      const input = { groupId: group, parentGroupId: parent };
      await actFromCommandLine(tools, { tenantId, action: 'groups.move' }, input, moveGroup);
      return input;
    }),

    archive: archiving(true),
    restore: archiving(false),
  },
};

function archiving(archived: boolean) {
  return defineCommand<CommandTools, typeof one>(one, async (tools, { tenantId, group }) => {
    const input = { groupId: group, archived };
    await actFromCommandLine(tools, { tenantId, action: 'groups.archive' }, input, archiveGroup);
    return input;
  });
}

function branchesOf(rows: Row[], parent: GroupId | null): Branch[] {
  return rows
    .filter(({ parentGroupId }) => parentGroupId === parent)
    .map(({ parentGroupId, ...group }) => ({ ...group, groups: branchesOf(rows, group.groupId) }));
}
