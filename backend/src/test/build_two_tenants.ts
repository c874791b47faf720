import { newId } from '@raptscallions/zod-schemas/rich_id';
import { connectDb } from '../db/db';
import { createTestDatabase } from './database';

/** A database with two tenants and one person in each, named after the tenant's id. */
export async function buildTwoTenants() {
  const database = await createTestDatabase();
  const [here, there] = [newId('tenant'), newId('tenant')];
  const system = connectDb(database.url, 'system', 2);
  await system.tenants.createMany([
    { tenantId: here, name: 'Here' },
    { tenantId: there, name: 'There' },
  ]);
  for (const tenantId of [here, there]) {
    await system.users.create({ tenantId, userId: newId('user'), name: `of ${tenantId}`, status: 'active' });
  }
  await system.$close();
  return { ...database, here, there };
}
