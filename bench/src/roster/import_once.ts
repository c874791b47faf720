import { tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { importRoster } from '../../../backend/src/modules/rosters/services/import_roster.service';

/** Applies one zip and says how long it took and how much memory this process had at the most. */
const [databaseUrl = '', tenant = '', zipPath = ''] = process.argv.slice(2);
const begun = performance.now();
const report = await importRoster(databaseUrl, {
  tenantId: tenantId.parse(tenant),
  source: { name: 'Generated' },
  zipPath,
  decision: 'apply',
});
const ms = Math.round(performance.now() - begun);
// Linux counts in KiB.
const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(JSON.stringify({ ms, peakMiB, report }));
