import { systemTenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { connectDb } from '../../../db/db';
import { storedId } from '../../../db/stored_id';

/** The schools of this installation with the ids that commands ask for, as lines to print. */
export async function nameSchools(databaseUrl: string): Promise<string> {
  const db = connectDb(databaseUrl, 'system', 1);
  try {
    const tenants = await db.tenants.whereNot({ tenantId: storedId(systemTenantId) }).order('name');
    return tenants.map(({ tenantId, name }) => `  --tenant-id ${tenantId}   ${name}\n`).join('');
  } finally {
    await db.$close();
  }
}
