import { access } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type TenantId, tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { ownOf } from './lib/define_command';
import { withDatabase } from './lib/embedded_postgres/with_database';
import { type DecideInput, decideRosterRun } from './modules/rosters/services/decide_roster_run.service';
import { hashFile, importRoster } from './modules/rosters/services/import_roster.service';
import { reviewRosterDates } from './modules/rosters/services/review_dates.service';
import { undoRoster } from './modules/rosters/services/undo_roster.service';
import { nameSchools } from './modules/tenants/services/name_schools.service';

const usage = `yarn roster <preview|apply> --tenant-id tenant-… [--source <name>] <file.zip>
yarn roster <approve|additions-only|discard> --tenant-id tenant-… [--source <name>] [<file.zip>]
  decides about the newest run that waits; with a file, only if that is the file of the run
yarn roster <undo|dates> --tenant-id tenant-… [--source <name>]
`;

/** Rosters from the command line; it does not migrate. A held run ends with code 3, a refused file with 1. */
async function main(): Promise<number> {
  const { values, positionals, wrong } = readWords();
  const [verb = '', file, ...more] = positionals;
  // Yarn changes the folder; a path means what it meant where the command was typed.
  const zipPath = file && path.resolve(process.env.INIT_CWD ?? '.', file);
  const tenant = tenantId.safeParse(values['tenant-id']);
  const act =
    tenant.success && more.length === 0
      ? ownOf(actions(tenant.data, values.source, zipPath), verb)
      : undefined;
  if (!act) {
    process.stderr.write(wrong + usage);
    if (verb !== '' && values['tenant-id'] === undefined && wrong === '')
      process.stderr.write(await withDatabase(nameSchools));
    return 2;
  }
  try {
    // Before a source is made for it, or a run of it stands in the history.
    if (zipPath !== undefined)
      await access(zipPath).catch(() => Promise.reject(new Error(`There is no ${zipPath}.`)));
    const report = await withDatabase(act);
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return 'status' in report && report.status === 'held' ? 3 : 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function readWords() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { 'tenant-id': { type: 'string' }, source: { type: 'string', default: 'CSV' } },
    });
    return { values, positionals, wrong: '' };
  } catch (error) {
    const wrong = `${error instanceof Error ? error.message : String(error)}\n`;
    return { values: { 'tenant-id': undefined, source: '' }, positionals: [], wrong };
  }
}

type Act = (databaseUrl: string) => Promise<object>;

function actions(tenantId: TenantId, name: string, zipPath: string | undefined): Record<string, Act> {
  const source = { name };
  const read = (decision: 'preview' | 'apply') => (databaseUrl: string) =>
    importRoster(databaseUrl, { tenantId, source, zipPath: zipPath ?? '', decision });
  const decide = (decision: DecideInput['decision']) => async (databaseUrl: string) => {
    const fileHash = zipPath === undefined ? undefined : await hashFile(zipPath);
    return decideRosterRun(databaseUrl, { tenantId, source, decision, fileHash });
  };
  return {
    ...(zipPath === undefined ? {} : { preview: read('preview'), apply: read('apply') }),
    approve: decide('approve'),
    'additions-only': decide('additions_only'),
    discard: decide('discard'),
    undo: async (databaseUrl) => ({ undone: await undoRoster(databaseUrl, tenantId, source) }),
    dates: async (databaseUrl) => {
      await reviewRosterDates(databaseUrl, tenantId, source);
      return { reviewed: true };
    },
  };
}

process.exitCode = await main();
