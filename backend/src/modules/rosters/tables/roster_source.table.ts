import { BaseTable, tenantWall } from '../../../db/base_table';
import { GroupTable } from '../../groups/tables/group.table';

/** A school system that rosters come from, and where its organisations hang. */
export class RosterSourceTable extends BaseTable {
  readonly table = 'roster_sources';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      rosterSourceId: t.richId('rostersource'),
      name: t.string(100),
      rootGroupId: t.richId('group'),
      timeZone: t.string(64).default('UTC'),
      /** A feed makes nobody an administrator unless somebody has said so for this source. */
      grantsAdmin: t.boolean().default(false),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'rosterSourceId']),
      t.unique(['tenantId', 'name']),
      t.foreignKey(['tenantId', 'rootGroupId'], () => GroupTable, ['tenantId', 'groupId']),
    ],
  );
  rls = tenantWall('roster_sources');
}
