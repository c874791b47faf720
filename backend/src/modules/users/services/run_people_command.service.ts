import type { AuditedAction } from '@raptscallions/zod-schemas/audit.zod';
import { authSessionId, usernameInput } from '@raptscallions/zod-schemas/auth.zod';
import { groupId, groupRole } from '@raptscallions/zod-schemas/group.zod';
import { idFromUuid, newId } from '@raptscallions/zod-schemas/rich_id';
import { type TenantId, tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { type UserId, userId } from '@raptscallions/zod-schemas/user.zod';
import { z } from 'zod';
import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';
import { stored, storedId } from '../../../db/stored_id';
import { defineCommand, flagOf, type Program } from '../../../lib/define_command';
import type { CommandTools } from '../../audit/services/act_from_command_line.service';
import { checkUsername } from '../../auth/services/check_username.service';
import { createUser } from '../../auth/services/create_user.service';
import { endSession } from '../../auth/services/end_session.service';
import { endSessions } from '../../auth/services/end_sessions.service';
import { setPassword } from '../../auth/services/set_password.service';
import { type SessionRow, sessionColumns, sessionOf, sessionStands } from '../../auth/session_rows';

const usage = `yarn people <command> --tenant-id tenant-…   (groups: yarn groups list)
  list     [--search <text>]                    people with their roles
  add      --group group-… --role student|teacher|group_admin|system_admin --name <name>
           (--email <address> | --username <name>) [--password-file <file>]
  role     --user user-… --group group-… --role …
  suspend  --user user-…                        signs the person out everywhere, at once
  restore  --user user-…
  password --user user-… --password-file <file>  the first line of the file; - reads standard input
  username --user user-… --username <name>      what somebody signs in by beside the school code
  sessions [--user user-…]                      where people are signed in
  sign-out --user user-… [--session authsession-…]  on one device or on all, at once
  audit    [--user user-…]                      the last 200 entries of the log
`;

const PeopleFlagsZod = z.object({
  tenantId,
  search: z.string().default(''),
  group: groupId.optional(),
  role: groupRole.optional(),
  name: z.string().trim().min(1).max(100).optional(),
  email: z.string().optional(),
  username: usernameInput.optional(),
  user: userId.optional(),
  session: authSessionId.optional(),
  /** read from a file, since every user of the machine can see a command line */
  password: z.string().optional(),
});
type Flags = z.output<typeof PeopleFlagsZod>;

type Act = (db: Db, flags: Flags) => Promise<object>;

/** What can be done to people from the command line. What changes something is in the audit log. */
const acts: Record<string, Act> = {
  list: async (db, { tenantId, search }) => {
    const people = await db.users
      .where(stored({ tenantId }))
      .select('userId', 'name', 'status')
      .order('name');
    const members = await db.groupMembers.where(stored({ tenantId })).select('userId', 'groupId', 'role');
    return people
      .filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()))
      .map((person) => ({
        ...person,
        roles: members.flatMap(({ userId, groupId, role }) =>
          userId === person.userId ? [{ groupId, role }] : [],
        ),
      }));
  },

  add: async (db, flags) => {
    const { tenantId, email, username } = flags;
    const [groupId, role, name] = [given(flags, 'group'), given(flags, 'role'), given(flags, 'name')];
    if (!email && !username) throw new Error('Give --email or --username: what the person signs in by.');
    await db.groups.findBy(stored({ tenantId, groupId }));
    const { password } = flags;
    if (username !== undefined) await checkUsername(db, tenantId, username);
    return db.$transaction(async () => {
      const userId = await createUser(db, {
        tenantId,
        name,
        email,
        username,
        password,
        emailVerified: email !== undefined,
        status: password ? 'active' : 'pending_verification',
      });
      await db.groupMembers.insert({ tenantId, groupMemberId: newId('groupmember'), groupId, userId, role });
      await record(db, tenantId, 'auth.invite', userId, { groupId, role });
      return { userId };
    });
  },

  role: async (db, flags) => {
    const { tenantId } = flags;
    const [userId, groupId, role] = [given(flags, 'user'), given(flags, 'group'), given(flags, 'role')];
    await db.users.findBy(stored({ tenantId, userId }));
    await db.groups.findBy(stored({ tenantId, groupId }));
    await db.$transaction(async () => {
      await db.groupMembers
        .create({ tenantId, groupMemberId: newId('groupmember'), groupId, userId, role })
        .onConflict(['tenantId', 'groupId', 'userId'])
        .set({ role });
      await record(db, tenantId, 'groups.setMember', userId, { groupId, role });
    });
    return { userId, groupId, role };
  },

  suspend: async (db, flags) => {
    const { tenantId } = flags;
    const userId = given(flags, 'user');
    return db.$transaction(async () => {
      await db.users.findBy(stored({ tenantId, userId })).update({ status: 'suspended' });
      const ended = await endSessions(db, { userId });
      await record(db, tenantId, 'auth.setStatus', userId, { status: 'suspended' });
      return { userId, status: 'suspended', endedSessions: ended.length };
    });
  },

  restore: async (db, flags) => {
    const { tenantId } = flags;
    const userId = given(flags, 'user');
    await db.$transaction(async () => {
      await db.users.findBy(stored({ tenantId, userId })).update({ status: 'active' });
      await record(db, tenantId, 'auth.setStatus', userId, { status: 'active' });
    });
    return { userId, status: 'active' };
  },

  password: async (db, flags) => {
    const { tenantId } = flags;
    const userId = given(flags, 'user');
    await db.users.findBy(stored({ tenantId, userId }));
    const password = given(flags, 'password');
    await db.$transaction(async () => {
      await setPassword(db, { tenantId, userId, password });
      await record(db, tenantId, 'auth.givePassword', userId);
    });
    return { userId };
  },

  username: async (db, flags) => {
    const { tenantId } = flags;
    const [userId, username] = [given(flags, 'user'), given(flags, 'username')];
    await db.users.findBy(stored({ tenantId, userId }));
    await checkUsername(db, tenantId, username);
    await db.$transaction(async () => {
      await db.userContacts
        .create({ tenantId, userId, username })
        .onConflict(['tenantId', 'userId'])
        .set({ username });
      await record(db, tenantId, 'auth.setUsername', userId);
    });
    return { userId, username };
  },

  sessions: async (db, { tenantId, user }) => {
    const rows = await runSql<SessionRow & { person_id: string; person: string }>(
      db,
      `select ${sessionColumns}, u.user_id as person_id, u.name as person
       from auth_sessions s join users u on u.user_id = s.user_id
       where u.tenant_id = $1 and ($2::uuid is null or u.user_id = $2) and u.deleted_at is null and ${sessionStands}
       order by s.created_at desc, s.id desc`,
      [storedId(tenantId), user ? storedId(user) : null],
    );
    return rows.map((row) => ({
      person: row.person,
      userId: idFromUuid('user', row.person_id),
      ...sessionOf(row),
    }));
  },

  'sign-out': async (db, flags) => {
    const { tenantId, session } = flags;
    const userId = given(flags, 'user');
    await db.users.findBy(stored({ tenantId, userId }));
    return db.$transaction(async () => {
      if (session) await endSession(db, userId, session);
      const ended = session ? [session] : await endSessions(db, { userId });
      const which: Record<string, string> = session ? { authSessionId: session } : {};
      await record(db, tenantId, 'auth.endSignIns', userId, which);
      return { userId, endedSessions: ended.length };
    });
  },

  audit: (db, { tenantId, user }) =>
    runSql(
      db,
      `select e.created_at as at, e.action, a.name as actor, s.name as subject, e.details from audit_entries e
       left join users a on a.tenant_id = e.tenant_id and a.user_id = e.actor_user_id
       left join users s on s.tenant_id = e.tenant_id and s.user_id = e.subject_user_id
       where e.tenant_id = $1 and ($2::uuid is null or e.actor_user_id = $2 or e.subject_user_id = $2)
       order by e.audit_entry_id desc limit 200`,
      [storedId(tenantId), user ? storedId(user) : null],
    ),
};

/** People from the command line. */
export const peopleProgram: Program<CommandTools> = {
  usage,
  commands: Object.fromEntries(
    Object.entries(acts).map(([name, act]) => [
      name,
      defineCommand(PeopleFlagsZod, ({ systemDb }: CommandTools, flags) => act(systemDb, flags)),
    ]),
  ),
};

/** Whoever has the machine has no name here, so the entry says where it was done. */
async function record(
  db: Db,
  tenantId: TenantId,
  action: AuditedAction,
  subjectUserId: UserId,
  details: Record<string, string> = {},
): Promise<void> {
  const entry = { tenantId, auditEntryId: newId('auditentry'), action, subjectUserId };
  await db.auditEntries.insert({ ...entry, actorUserId: null, details: { ...details, by: 'command_line' } });
}

function given<K extends keyof Flags>(flags: Flags, name: K): NonNullable<Flags[K]> {
  const value = flags[name];
  if (value === undefined || value === null) {
    throw new Error(`${flagOf(name)} is missing.\n${usage}`);
  }
  return value;
}
