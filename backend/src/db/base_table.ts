import { type IdPrefix, idFromUuid, type RichId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import { createBaseTable, defineRls } from 'orchid-orm';
import { nodePostgresSchemaConfig } from 'orchid-orm/node-postgres';
import type { z } from 'zod';
import type { StoredId } from './stored_id';

/** The setting that says which tenant a transaction is in; only `enterTenant` writes it. */
export const tenantSetting = 'rapt.tenant_id';

/** The roles of the wall: the first sees one tenant, the second every one, and neither owns a table. */
export const appRole = 'rapt_app';
export const systemRole = 'rapt_system';

/** `createMany` hands on the null of a nullable column, though `create` does not. */
function uuidOrNull(prefix: IdPrefix, id: RichId | null): string | null {
  return id === null ? null : uuidFromId(prefix, id);
}

export const BaseTable = createBaseTable({
  snakeCase: true,
  schemaConfig: nodePostgresSchemaConfig,
  // So that db and code agree on "now" within a transaction.
  nowSQL: 'now()',
  columnTypes: (t) => ({
    ...t,
    /** The only place where a uuid becomes a rich id and back. */
    richId: <P extends IdPrefix>(prefix: P) =>
      t
        .uuid()
        .encode((id: RichId<P>) => uuidOrNull(prefix, id))
        .parse((uuid) => idFromUuid(prefix, uuid))
        // Orchid encodes what is written but not what is compared, so a condition takes `stored(...)`.
        .narrowAllTypes((type) => type<{ query: StoredId<P> }>()),
    /** An enum type of the database with the values of the zod schema. */
    zodEnum: <V extends string>(name: string, schema: z.ZodEnum<{ [K in V]: K }>) =>
      t.enum(name, schema.options as [V, ...V[]]),
    ltree: () => t.type('ltree').parse((path) => String(path)),
    timestampNumber: () => t.timestamp().asNumber(),
    createdAndUpdated: () => ({
      createdAt: t.timestamps().createdAt.asNumber(),
      updatedAt: t.timestamps().updatedAt.asNumber(),
    }),
    /** Rises with every update (a trigger keeps it), so that a browser never takes an older body. */
    rev: () => t.bigint().default('1'),
  }),
});
export const { sql } = BaseTable;

const inTenant = sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`;
const everything = sql`true`;
const ofSystem = sql`tenant_id = '00000000-0000-0000-0000-000000000001'::uuid`;

/** The database's own wall around a tenant's rows; `with_system` opens the reserved tenant's to readers. */
export function tenantWall(table: string, sharing: 'own' | 'with_system' = 'own') {
  return defineRls({
    enable: true,
    // The owner runs the SECURITY DEFINER triggers, which work across the tenants of one statement.
    force: false,
    permit: [
      { name: `${table}_tenant`, for: 'ALL', to: appRole, using: inTenant, withCheck: inTenant },
      { name: `${table}_system`, for: 'ALL', to: systemRole, using: everything, withCheck: everything },
      ...(sharing === 'with_system'
        ? [{ name: `${table}_everybody`, for: 'SELECT' as const, to: appRole, using: ofSystem }]
        : []),
    ],
  });
}
