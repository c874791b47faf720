import path from 'node:path';
import { parseArgs } from 'node:util';
import { tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { startEmbeddedPostgres } from './lib/embedded_postgres/start_embedded_postgres';
import { importRoster, type RosterDecision } from './modules/rosters/services/import_roster.service';
import { reviewRosterDates } from './modules/rosters/services/review_dates.service';
import { undoRoster } from './modules/rosters/services/undo_roster.service';

const usage = `yarn roster <preview|apply|approve|additions-only> --tenant-id tenant-… [--source <name>] <file.zip>
yarn roster <undo|dates> --tenant-id tenant-… [--source <name>]
`;

const decisions: Record<string, RosterDecision> = {
  preview: 'preview',
  apply: 'apply',
  approve: 'approve',
  'additions-only': 'additions_only',
};

/** Rosters from the command line; it does not migrate. A held run ends with code 3, a refused file with 1. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'tenant-id': { type: 'string' }, source: { type: 'string', default: 'CSV' } },
  });
  const [verb = '', file] = positionals;
  // Yarn changes the folder; a path means what it meant where the command was typed.
  const zipPath = file && path.resolve(process.env.INIT_CWD ?? '.', file);
  const tenant = tenantId.safeParse(values['tenant-id']);
  const decision = decisions[verb];
  if (!tenant.success || (verb !== 'undo' && verb !== 'dates' && !(decision && zipPath))) {
    process.stderr.write(usage);
    return 2;
  }
  const embedded = process.env.DATABASE_URL
    ? null
    : await startEmbeddedPostgres({
        dataDir: process.env.RAPT_DATA_DIR ?? path.resolve(import.meta.dirname, '../../.data'),
      });
  const databaseUrl = process.env.DATABASE_URL ?? embedded?.databaseUrl ?? '';
  try {
    if (verb === 'dates') {
      await reviewRosterDates(databaseUrl, tenant.data, values.source);
      return 0;
    }
    if (!decision || !zipPath) {
      const records = await undoRoster(databaseUrl, tenant.data, values.source);
      process.stdout.write(`${JSON.stringify({ undone: records })}\n`);
      return 0;
    }
    const report = await importRoster(databaseUrl, {
      tenantId: tenant.data,
      source: values.source,
      zipPath,
      decision,
    });
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return report.status === 'held' ? 3 : 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  } finally {
    await embedded?.stop();
  }
}

process.exitCode = await main();
