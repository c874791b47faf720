import { parseArgs } from 'node:util';
import { type TenantId, tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { originOf, readConfig } from './configs/config';
import { connectDb, type Db } from './db/db';
import { stored } from './db/stored_id';
import { forgetTraces } from './events/forget_traces';
import { orchidQuery } from './events/orchid_query';
import { databaseFailure } from './lib/app_error';
import { readFirstLine } from './lib/command_flags';
import { flagOf, ownOf, type Program } from './lib/define_command';
import { withDatabase } from './lib/embedded_postgres/with_database';
import type { CommandTools } from './modules/audit/services/act_from_command_line.service';
import { auditProgram } from './modules/audit/services/run_audit_commands.service';
import { createLinkTokens } from './modules/auth/link_tokens';
import { readAuthSecret } from './modules/auth/secret';
import { groupProgram } from './modules/groups/services/run_group_commands.service';
import { nameSchools } from './modules/tenants/services/name_schools.service';
import { schoolCodeProgram } from './modules/tenants/services/run_school_code_commands.service';
import { limitProgram } from './modules/usage/services/run_limit_commands.service';
import { peopleProgram } from './modules/users/services/run_people_commands.service';

const programs: Record<string, Program<CommandTools>> = {
  people: peopleProgram,
  groups: groupProgram,
  limits: limitProgram,
  'school-code': schoolCodeProgram,
  'audit-log': auditProgram,
};

/** A school from the command line; it does not migrate. The tenant is looked for first. */
async function main(): Promise<number> {
  const [word = '', ...rest] = process.argv.slice(2);
  const program = ownOf(programs, word);
  if (!program) return refuse([`Say one of ${Object.keys(programs).join(', ')}.`], '');
  const { usage, commands } = program;
  const keys = [...new Set(Object.values(commands).flatMap(({ flags }) => flags))];
  const nameOf = (key: string) => flagOf(key).slice(2);
  const options = Object.fromEntries(keys.map((key) => [nameOf(key), { type: 'string' as const }]));
  let given: ReturnType<typeof parseArgs<{ allowPositionals: true; options: typeof options }>>;
  try {
    given = parseArgs({ args: rest, allowPositionals: true, options });
  } catch (error) {
    return refuse([messageOf(error)], usage);
  }
  const [name = '', ...more] = given.positionals;
  const command = ownOf(commands, name);
  if (!command || more.length > 0) return refuse([], usage);
  const typed = Object.fromEntries(keys.map((key) => [key, given.values[nameOf(key)]]));
  if (typed.password !== undefined) typed.password = await readFirstLine(typed.password);
  const read = command.read(typed);
  if ('wrong' in read) {
    refuse(read.wrong, usage);
    if (typed.tenantId === undefined) process.stderr.write(await withDatabase(nameSchools));
    return 2;
  }
  return withDatabase((url) => act(url, tenantId.parse(typed.tenantId), read.act));
}

type Work = (tools: CommandTools) => Promise<unknown>;

async function act(url: string, id: TenantId, work: Work): Promise<number> {
  const config = readConfig({ ...process.env, DATABASE_URL: url });
  const [db, systemDb] = [connectDb(url, 'app', 2), connectDb(url, 'system', 2)];
  try {
    await checkTenant(systemDb, id);
    const tools: CommandTools = {
      db,
      systemDb,
      patientDb: systemDb,
      publish: (event, payload) => event.publish(orchidQuery(db), payload),
      // Nobody is woken: a worker that is not busy looks every five seconds.
      enqueue: async (task, input, options) => {
        await task.send(orchidQuery(db), input, options);
      },
      forgetInQueue: (database, traces) => forgetTraces(orchidQuery(database), traces),
      origin: originOf(config),
      linkTokens: createLinkTokens(await readAuthSecret(config)),
    };
    const answer = await work(tools);
    process.stdout.write(typeof answer === 'string' ? answer : `${JSON.stringify(answer, null, 2)}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return 1;
  } finally {
    await db.$close();
    await systemDb.$close();
  }
}

function refuse(wrong: string[], usage: string): number {
  process.stderr.write(`${wrong.map((line) => `${line}\n`).join('')}${usage}`);
  return 2;
}

async function checkTenant(db: Db, id: TenantId): Promise<void> {
  const known = await db.tenants.where(stored({ tenantId: id })).exists();
  if (!known) throw new Error(`There is no tenant ${id}.`);
}

/** The schema of the queue, or the right to it, comes with the first start of a server. */
const withoutQueue = new Set(['3F000', '42501']);

function messageOf(error: unknown): string {
  const code = databaseFailure(error)?.code;
  if (code && withoutQueue.has(code))
    return 'This database has no queue yet: start the server once, then try again.';
  return error instanceof Error ? error.message : String(error);
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  return 1;
});
