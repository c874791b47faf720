import { storedId } from '../db/stored_id';
import type { Program } from '../lib/define_command';
import type { CommandTools } from '../modules/audit/services/act_from_command_line.service';
import { buildApp, buildSchool } from './build_app';
import { runCommand } from './run_command';

/** A school and a program, run as the command line runs it, flags in camel case. */
export async function buildCommands(program: Program<CommandTools>) {
  const built = await buildApp();
  const { systemDb } = built.app;
  const school = await buildSchool(systemDb);
  return {
    ...built,
    school,
    run: (command: string, flags: Record<string, string> = {}) =>
      runCommand(program, command, built.app, { tenantId: school.tenantId, ...flags }),
    /** What stands in the log of the school, from the beginning. */
    audited: () => systemDb.auditEntries.where({ tenantId: storedId(school.tenantId) }).order('auditEntryId'),
  };
}
