import {
  authSessionId,
  InvitePersonInputZod,
  passwordInput,
  usernameInput,
} from '@raptscallions/zod-schemas/auth.zod';
import { groupId, groupRole } from '@raptscallions/zod-schemas/group.zod';
import { MergePeopleInputZod } from '@raptscallions/zod-schemas/person_merge.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { roleNames, statusNames } from '@raptscallions/zod-schemas/role_names';
import { tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { type UserId, userId, userStatus } from '@raptscallions/zod-schemas/user.zod';
import { writeCsv } from '@raptscallions/zod-schemas/write_csv';
import { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { allPages } from '../../../lib/all_pages';
import { AppError } from '../../../lib/app_error';
import { fileFlag, formatFlag, readText } from '../../../lib/command_flags';
import { defineCommand, type Program } from '../../../lib/define_command';
import { withSecretFile } from '../../../lib/with_secret_file';
import {
  actFromCommandLine,
  type CommandTools,
  readFromCommandLine,
} from '../../audit/services/act_from_command_line.service';
import { endSignIns } from '../../auth/services/end_sign_ins.service';
import { givePassword } from '../../auth/services/give_password.service';
import { invitePerson, sendLink } from '../../auth/services/invite_person.service';
import { listLinks } from '../../auth/services/list_links.service';
import { listSignIns } from '../../auth/services/list_sign_ins.service';
import { setStatus } from '../../auth/services/set_status.service';
import { setUsername } from '../../auth/services/set_username.service';
import { showSignIn } from '../../auth/services/show_sign_in.service';
import { removeGroupMember, setGroupMember } from '../../groups/services/change_group_members.service';
import { mergePeople } from '../../people/services/merge_people.service';
import { readMerge } from '../../people/services/read_merge.service';
import { erasePerson } from '../../privacy/services/erase_person.service';
import { exportPerson } from '../../privacy/services/export_person.service';
import { importPeople, previewPeople } from './import_people.service';
import { type ListedPerson, listPeople } from './list_people.service';
import { makeCards } from './make_cards.service';

const usage = `yarn people <command> --tenant-id tenant-…   (groups: yarn groups list; the log: yarn audit-log list)
  list     [--search <words>] [--group group-…] [--role …] [--status active|suspended|pending_verification]
           [--format json|csv]                  csv as the import reads it
  add      --group group-… --role student|teacher|group_admin|system_admin --name <name>
           (--email <address> | --username <name>) [--password-file <file>]
  preview  --file <people.csv>                  who could be added, and what is wrong in which line and column
  import   --file <people.csv> [--cards <file>] adds them; cards: first passwords of those without an address
  role     --user user-… --group group-… --role …
  remove   --user user-… --group group-…        takes the person out of the group
  suspend  --user user-…                        signs the person out everywhere, at once
  restore  --user user-…
  password --user user-… --password-file <file>  the first line of the file; - reads standard input
  cards    --users user-…,user-… --file <file>  new passwords for all of them, as a CSV to print
  username --user user-… --username <name>      what somebody signs in by beside the school code
  card     --user user-…                        by what somebody signs in
  send-link --user user-…                       an invitation again, or a way to a new password
  links                                         what was sent, and links to hand over where nothing sends mail
  sessions [--user user-…]                      where people are signed in
  sign-out --user user-… [--session authsession-…]  on one device or on all, at once
  compare  --user user-… --duplicate user-…     what a merge of two accounts of one person would do
  merge    --user user-… --duplicate user-…     for good: the duplicate is closed, what it had goes to the other
  export   --user user-… --file <person.json>   everything that is stored about somebody
  erase    --user user-… --name <name>          for good; the name exactly as it stands confirms it
A file is made for you alone to read, and one that is there already is left as it is.
`;

const { groupId: _, ...person } = InvitePersonInputZod.shape;
const school = z.object({ tenantId });
const one = school.extend({ user: userId });
const two = one.extend({ duplicate: userId });
const inGroup = one.extend({ group: groupId });
const userIds = z
  .string()
  .transform((text) => text.split(',').map((id) => id.trim()))
  .pipe(z.array(userId).min(1).max(2_000));

function settingStatus(status: 'active' | 'suspended') {
  return defineCommand<CommandTools, typeof one>(one, async (tools, { tenantId, user }) => {
    const input = { userId: user, status };
    await actFromCommandLine(tools, { tenantId, action: 'auth.setStatus' }, input, setStatus);
    return input;
  });
}

/** People from the command line, by the services the pages call. */
export const peopleProgram: Program<CommandTools> = {
  usage,
  commands: {
    list: defineCommand(
      school.extend({
        search: z.string().default(''),
        group: groupId.optional(),
        role: groupRole.optional(),
        status: userStatus.optional(),
        format: formatFlag,
      }),
      async (tools, { tenantId, format, group, ...filter }) => {
        const input = { ...filter, groupId: group };
        const people = await readFromCommandLine(tools, tenantId, input, listPeople);
        return format === 'csv' ? csvOf(people) : people;
      },
    ),

    add: defineCommand(
      school.extend({
        ...person,
        group: groupId,
        password: passwordInput.optional(),
      }),
      async (tools, { tenantId, group, password, ...given }) => {
        const input = InvitePersonInputZod.parse({ ...given, groupId: group });
        const what = { tenantId, action: 'auth.invite' } as const;
        const { userId } = await actFromCommandLine(tools, what, input, invitePerson);
        // Sign-in data is the system role's, which sees the person when they are there.
        if (password !== undefined) await give(tools, tenantId, userId, password);
        return { userId };
      },
    ),

    preview: defineCommand(school.extend({ file: fileFlag }), async (tools, { tenantId, file }) =>
      previewPeople(tools, tenantId, await readText(file)),
    ),

    import: defineCommand(
      school.extend({ file: fileFlag, cards: fileFlag.optional() }),
      async (tools, { tenantId, file, cards }) => {
        const text = await readText(file);
        if (!cards) return importPeople(tools, tenantId, text);
        return withSecretFile(cards, async (append) => {
          const done = await importPeople(tools, tenantId, text);
          await makeCards(tools, tenantId, done.withoutAddress, append);
          return { ...done, cards };
        });
      },
    ),

    role: defineCommand(
      inGroup.extend({ role: groupRole }),
      async (tools, { tenantId, user, group, role }) => {
        const input = { groupMemberId: newId('groupmember'), groupId: group, userId: user, role };
        await actFromCommandLine(tools, { tenantId, action: 'groups.setMember' }, input, setGroupMember);
        return { userId: user, groupId: group, role };
      },
    ),

    remove: defineCommand(inGroup, async (tools, { tenantId, user, group }) => {
      const ids = stored({ tenantId, groupId: group, userId: user });
      const groupMemberId = await readFromCommandLine(tools, tenantId, ids, ({ db }, place) =>
        db.groupMembers.findByOptional(place).then((member) => member?.groupMemberId),
      );
      if (!groupMemberId) throw new AppError('NOT_FOUND', 'This person is not in this group.');
      const what = { tenantId, action: 'groups.removeMember' } as const;
      await actFromCommandLine(tools, what, { groupMemberId }, removeGroupMember);
      return { userId: user, groupId: group };
    }),

    suspend: settingStatus('suspended'),
    restore: settingStatus('active'),

    password: defineCommand(one.extend({ password: passwordInput }), async (tools, flags) => {
      await give(tools, flags.tenantId, flags.user, flags.password);
      return { userId: flags.user };
    }),

    cards: defineCommand(
      school.extend({ users: userIds, file: fileFlag }),
      async (tools, { tenantId, users, file }) => {
        await withSecretFile(file, (append) => makeCards(tools, tenantId, users, append));
        return { cards: users.length, file };
      },
    ),

    username: defineCommand(
      one.extend({ username: usernameInput }),
      async (tools, { tenantId, user, username }) => {
        const input = { userId: user, username };
        await actFromCommandLine(tools, { tenantId, action: 'auth.setUsername' }, input, setUsername);
        return input;
      },
    ),

    card: defineCommand(one, (tools, { tenantId, user }) =>
      readFromCommandLine(tools, tenantId, { userId: user }, showSignIn),
    ),

    'send-link': defineCommand(one, async (tools, { tenantId, user }) => {
      const input = { userId: user };
      await actFromCommandLine(tools, { tenantId, action: 'auth.sendLink' }, input, sendLink);
      return input;
    }),

    links: defineCommand(school, (tools, { tenantId }) =>
      actFromCommandLine(tools, { tenantId, action: 'auth.listLinks' }, null, (ctx) =>
        allPages((page) => listLinks(ctx, page), {}),
      ),
    ),

    sessions: defineCommand(school.extend({ user: userId.optional() }), (tools, { tenantId, user }) => {
      const input = { userId: user };
      return actFromCommandLine(tools, { tenantId, action: 'auth.listSignIns' }, input, (ctx) =>
        allPages((page) => listSignIns(ctx, page), input),
      );
    }),

    'sign-out': defineCommand(
      one.extend({ session: authSessionId.optional() }),
      async (tools, { tenantId, user, session }) => {
        const input = { userId: user, authSessionId: session };
        await actFromCommandLine(tools, { tenantId, action: 'auth.endSignIns' }, input, endSignIns);
        return input;
      },
    ),

    compare: defineCommand(two, (tools, { tenantId, ...accounts }) =>
      readFromCommandLine(tools, tenantId, mergeOf(accounts), readMerge),
    ),

    merge: defineCommand(two, (tools, { tenantId, ...accounts }) =>
      actFromCommandLine(tools, { tenantId, action: 'people.merge' }, mergeOf(accounts), mergePeople),
    ),

    export: defineCommand(one.extend({ file: fileFlag }), async (tools, { tenantId, user, file }) => {
      const what = { tenantId, action: 'privacy.exportPerson' } as const;
      await withSecretFile(file, async (append) => {
        const all = await actFromCommandLine(tools, what, { userId: user }, exportPerson);
        await append(`${JSON.stringify(all, null, 2)}\n`);
      });
      return { userId: user, file };
    }),

    erase: defineCommand(one.extend({ name: z.string() }), (tools, { tenantId, user, name }) => {
      const what = { tenantId, action: 'privacy.erasePerson' } as const;
      return actFromCommandLine(tools, what, { userId: user }, async (ctx, input) => {
        const person = await showSignIn(ctx, input);
        if (person.name !== name) {
          throw new AppError('CONFLICT', 'This is not the name of the person, so nobody was erased.');
        }
        return erasePerson(ctx, input);
      });
    }),
  },
};

function mergeOf({ user, duplicate }: { user: UserId; duplicate: UserId }) {
  return MergePeopleInputZod.parse({ userId: user, duplicateUserId: duplicate });
}

async function give(
  tools: CommandTools,
  tenantId: z.output<typeof school>['tenantId'],
  userId: UserId,
  password: string,
): Promise<void> {
  const what = { tenantId, action: 'auth.givePassword' } as const;
  await actFromCommandLine(tools, what, { userId, password }, givePassword);
}

/** As the page saves it, a line for each membership. */
function csvOf(people: ListedPerson[]): string {
  const rows = people.flatMap(({ name, email, username, roles, status }) =>
    roles.map(({ group, role }) => [name, email, username, group, roleNames[role], statusNames[status]]),
  );
  return writeCsv(['name', 'email', 'username', 'group', 'role', 'status'], rows);
}
