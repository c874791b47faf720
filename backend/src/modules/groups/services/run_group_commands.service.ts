import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type GroupAccent,
  type GroupId,
  GroupMandatoryZod,
  type GroupTheme,
  GroupUpdateInputZod,
  groupAccent,
  groupId,
  retentionDays,
} from '@raptscallions/zod-schemas/group.zod';
import { idFromUuid, newId } from '@raptscallions/zod-schemas/rich_id';
import { tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { z } from 'zod';
import { runSql } from '../../../db/run_sql';
import { stored, storedId } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import { fileFlag } from '../../../lib/command_flags';
import { defineCommand, type Program } from '../../../lib/define_command';
import type { CommandContext } from '../../../procedures/context';
import {
  actFromCommandLine,
  type CommandTools,
  readFromCommandLine,
} from '../../audit/services/act_from_command_line.service';
import { archiveGroup } from './archive_group.service';
import { createGroup } from './create_group.service';
import { moveGroup } from './move_group.service';
import { updateGroup } from './update_group.service';
import { withGroupById } from './with_group.service';

const usage = `yarn groups <command> --tenant-id tenant-…
  list                                          the groups as a tree, archived ones too
  create   --parent group-… --name <name> --kind district|school|department|custom
  change   --group group-… [--name <name>] [--kind …] [--keep-days <days>|none]
           [--colour scallion|lagoon|plum|brick|none] [--logo <file.png>|none]
           keep-days: chats and results of it and below are erased after so many days; none: as those above say
  members  --group group-…                      with their roles there (yarn people role, yarn people remove)
  move     --group group-… --parent group-…     with everything below it
  archive  --group group-…                      an empty one
  restore  --group group-…
`;

const { name, kind } = GroupMandatoryZod.shape;
const none = z.literal('none').transform(() => null);
const days = z.union([none, z.coerce.number('Write a number of days, or none.').pipe(retentionDays)]);
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

    change: defineCommand(
      one.extend({
        name: name.optional(),
        kind: kind.optional(),
        keepDays: days.optional(),
        colour: z.union([groupAccent, none]).optional(),
        logo: z.union([none, fileFlag]).optional(),
      }),
      async (tools, { tenantId, group, keepDays, colour, logo, ...changes }) => {
        const picture = typeof logo === 'string' ? await readPicture(logo) : logo;
        const input = { groupId: group, ...changes, retentionDays: keepDays };
        await actFromCommandLine(tools, { tenantId, action: 'groups.update' }, input, async (ctx) => {
          const { settings } = await withGroupById(ctx, group);
          const theme = themeOf(settings.theme ?? {}, { colour, picture });
          await updateGroup(ctx, GroupUpdateInputZod.parse({ ...input, theme }));
        });
        return { ...input, colour, logo };
      },
    ),

    members: defineCommand(one, (tools, { tenantId, group }) =>
      readFromCommandLine(tools, tenantId, { groupId: group }, listMembers),
    ),

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

const pictureTypes: Record<string, string> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.webp': 'webp',
};

/** As the page sends it; whether it is small enough the schema says. */
async function readPicture(file: string): Promise<string> {
  const type = pictureTypes[path.extname(file).toLowerCase()];
  if (!type) throw new AppError('BAD_REQUEST', 'The logo must be a PNG, JPEG or WebP picture.');
  return `data:image/${type};base64,${(await readFile(file)).toString('base64')}`;
}

/** The whole theme as it is to be: what was not named stays, null is taken away. */
function themeOf(
  stands: GroupTheme,
  { colour, picture }: { colour: GroupAccent | null | undefined; picture: string | null | undefined },
): GroupTheme | null | undefined {
  if (colour === undefined && picture === undefined) return undefined;
  const accent = colour === undefined ? stands.accent : (colour ?? undefined);
  const logo = picture === undefined ? stands.logo : (picture ?? undefined);
  return accent || logo ? { accent, logo } : null;
}

/** Who is in a group itself, by name. @throws AppError NOT_FOUND */
async function listMembers(ctx: CommandContext, { groupId }: { groupId: GroupId }): Promise<object[]> {
  await withGroupById(ctx, groupId);
  const rows = await runSql<{ id: string; name: string; status: string; role: string }>(
    ctx.db,
    `select u.user_id as id, u.name, u.status, m.role from group_members m
     join users u on u.tenant_id = m.tenant_id and u.user_id = m.user_id
     where m.tenant_id = $1 and m.group_id = $2 and u.deleted_at is null order by u.name, u.user_id`,
    [storedId(ctx.tenantId), storedId(groupId)],
  );
  return rows.map(({ id, ...member }) => ({ userId: idFromUuid('user', id), ...member }));
}
