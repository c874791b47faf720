import { tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { importRoster } from '../../../backend/src/modules/rosters/services/import_roster.service';

/** Applies one zip; says so before it begins, and may be killed from there on. */
const [databaseUrl = '', tenant = '', zipPath = ''] = process.argv.slice(2);
process.stdout.write('begins\n');
await importRoster(databaseUrl, {
  tenantId: tenantId.parse(tenant),
  source: { name: 'SIS' },
  zipPath,
  decision: 'apply',
});
