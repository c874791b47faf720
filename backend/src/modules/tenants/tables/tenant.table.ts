import { BaseTable, tenantWall } from '../../../db/base_table';

/** A district or organisation. Its own id is its tenant, so the same wall stands around it. */
export class TenantTable extends BaseTable {
  readonly table = 'tenants';
  readonly softDelete = true;

  columns = this.setColumns((t) => ({
    tenantId: t.richId('tenant').primaryKey(),
    name: t.string(100),
    /** by which people without an address say where their username counts; lower case */
    schoolCode: t.string(40).unique().nullable(),
    /** an IANA name: where days and months of limits and reports begin */
    timeZone: t.string(64).default('UTC'),
    /** made by the demo seed, and removed with it */
    demo: t.boolean().default(false),
    deletedAt: t.timestampNumber().nullable(),
    ...t.createdAndUpdated(),
  }));

  rls = tenantWall('tenants');
}
