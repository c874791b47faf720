import { BaseTable, tenantWall } from '../../../db/base_table';

/** A school code a tenant had before: whoever still types it is told so, and no other school is given it. */
export class RetiredSchoolCodeTable extends BaseTable {
  readonly table = 'retired_school_codes';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      schoolCode: t.string(40),
      ...t.createdAndUpdated(),
    }),
    (t) => [t.primaryKey(['tenantId', 'schoolCode']), t.unique(['schoolCode'])],
  );
  rls = tenantWall('retired_school_codes');
}
