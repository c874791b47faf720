import path from 'node:path';
import { parseArgs } from 'node:util';
import { groupId, groupRole } from '@raptscallions/zod-schemas/group.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { type TenantId, tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { userId } from '@raptscallions/zod-schemas/user.zod';
import { z } from 'zod';
import { connectDb, type Db } from './db/db';
import { stored } from './db/stored_id';
import { startEmbeddedPostgres } from './lib/embedded_postgres/start_embedded_postgres';
import { createUser } from './modules/auth/services/create_user.service';
import { endSessions } from './modules/auth/services/end_sessions.service';
import { setPassword } from './modules/auth/services/set_password.service';

const usage = `yarn people <command> --tenant-id tenant-…
  groups                                        the groups, by their place in the tree
  list     [--search <text>]                    people with their roles
  add      --group group-… --role student|teacher|group_admin|system_admin --name <name>
           (--email <address> | --username <name>) [--password-file <file>]
  role     --user user-… --group group-… --role …
  suspend  --user user-…                        signs the person out everywhere, at once
  restore  --user user-…
  password --user user-… --password-file <file>  the first line of the file; - reads standard input
`;

const FlagsZod = z.object({
  tenantId,
  search: z.string().default(''),
  group: groupId.optional(),
  role: groupRole.optional(),
  name: z.string().trim().min(1).max(100).optional(),
  email: z.string().optional(),
  username: z.string().optional(),
  user: userId.optional(),
  passwordFile: z.string().optional(),
});
type Flags = z.output<typeof FlagsZod>;

type Act = (db: Db, flags: Flags) => Promise<object>;

const commands: Record<string, Act> = {
  groups: async (db, { tenantId }) =>
    db.groups.where(stored({ tenantId })).select('groupId', 'name', 'kind').order('path'),

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
    const password = await readPassword(flags);
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
      return { userId };
    });
  },

  role: async (db, flags) => {
    const { tenantId } = flags;
    const [userId, groupId, role] = [given(flags, 'user'), given(flags, 'group'), given(flags, 'role')];
    await db.users.findBy(stored({ tenantId, userId }));
    await db.groups.findBy(stored({ tenantId, groupId }));
    await db.groupMembers
      .create({ tenantId, groupMemberId: newId('groupmember'), groupId, userId, role })
      .onConflict(['tenantId', 'groupId', 'userId'])
      .set({ role });
    return { userId, groupId, role };
  },

  suspend: async (db, flags) => {
    const { tenantId } = flags;
    const userId = given(flags, 'user');
    await db.users.findBy(stored({ tenantId, userId })).update({ status: 'suspended' });
    const ended = await endSessions(db, { userId });
    return { userId, status: 'suspended', endedSessions: ended.length };
  },

  restore: async (db, flags) => {
    const userId = given(flags, 'user');
    await db.users.findBy(stored({ tenantId: flags.tenantId, userId })).update({ status: 'active' });
    return { userId, status: 'active' };
  },

  password: async (db, flags) => {
    const { tenantId } = flags;
    const userId = given(flags, 'user');
    await db.users.findBy(stored({ tenantId, userId }));
    given(flags, 'passwordFile');
    const password = await readPassword(flags);
    if (!password) throw new Error('The file has no first line.');
    await setPassword(db, { tenantId, userId, password });
    return { userId };
  },
};

function given<K extends keyof Flags>(flags: Flags, name: K): NonNullable<Flags[K]> {
  const value = flags[name];
  if (value === undefined || value === null) {
    throw new Error(`--${name === 'passwordFile' ? 'password-file' : name} is missing.\n${usage}`);
  }
  return value;
}

/** Never from the command line itself, which every user of the machine can read. */
async function readPassword({ passwordFile }: Flags): Promise<string | undefined> {
  if (passwordFile === undefined) return undefined;
  const { readFile } = await import('node:fs/promises');
  const from = passwordFile === '-' ? '/dev/stdin' : path.resolve(process.env.INIT_CWD ?? '.', passwordFile);
  return (await readFile(from, 'utf8')).split('\n', 1)[0]?.trim() || undefined;
}

/** People from the command line; it does not migrate. The tenant is looked for first. */
async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'tenant-id': text,
      'password-file': text,
      search: text,
      group: text,
      role: text,
      name: text,
      email: text,
      username: text,
      user: text,
    },
  });
  const { 'tenant-id': tenant, 'password-file': passwordFile, ...rest } = values;
  const flags = FlagsZod.safeParse({ tenantId: tenant, passwordFile, ...rest });
  const act = commands[positionals[0] ?? ''];
  if (!flags.success || !act) {
    const wrong = flags.success
      ? []
      : flags.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    process.stderr.write(`${wrong.map((line) => `${line}\n`).join('')}${usage}`);
    return 2;
  }
  const embedded = process.env.DATABASE_URL
    ? null
    : await startEmbeddedPostgres({
        dataDir: process.env.RAPT_DATA_DIR ?? path.resolve(import.meta.dirname, '../../.data'),
      });
  const db = connectDb(process.env.DATABASE_URL ?? embedded?.databaseUrl ?? '', 'system', 2);
  try {
    await checkTenant(db, flags.data.tenantId);
    process.stdout.write(`${JSON.stringify(await act(db, flags.data), null, 2)}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  } finally {
    await db.$close();
    await embedded?.stop();
  }
}

async function checkTenant(db: Db, id: TenantId): Promise<void> {
  const known = await db.tenants.where(stored({ tenantId: id })).exists();
  if (!known) throw new Error(`There is no tenant ${id}.`);
}

process.exitCode = await main();
