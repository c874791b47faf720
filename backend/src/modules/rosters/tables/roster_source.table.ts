import type { RosterConnection } from '@raptscallions/zod-schemas/roster.zod';
import { rosterSourceKind } from '@raptscallions/zod-schemas/roster.zod';
import { BaseTable, tenantWall } from '../../../db/base_table';
import { GroupTable } from '../../groups/tables/group.table';

/** A school system that rosters come from, where its organisations hang, and when it is asked. */
export class RosterSourceTable extends BaseTable {
  readonly table = 'roster_sources';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      rosterSourceId: t.richId('rostersource'),
      name: t.string(100),
      kind: t.zodEnum('roster_source_kind', rosterSourceKind).default('csv'),
      rootGroupId: t.richId('group'),
      timeZone: t.string(64).default('UTC'),
      /** A feed makes nobody an administrator unless somebody has said so for this source. */
      grantsAdmin: t.boolean().default(false),
      /** whether a userMasterIdentifier that another source of the tenant has given to somebody means the same person */
      matchesMasterIds: t.boolean().default(false),
      /** a run that would end more of a kind than this waits for a person */
      endLimitPercent: t.smallint().default(10),
      connection: t.json<RosterConnection>().nullable(),
      /** encrypted by `lib/sealed_text.ts`; no procedure hands it out */
      sealedSecret: t.text().nullable(),
      scheduled: t.boolean().default(false),
      /** `HH:MM` in the source's time zone */
      nightlyAt: t.string(5).default('02:00'),
      /** 0 is Sunday: then everything is read, else what has changed */
      weeklyDay: t.smallint().default(6),
      /** the day, in the source's time zone, by which memberships were last opened and closed */
      datesReviewedOn: t.string(10).nullable(),
      /** the run whose feed is exactly what our records of this source say; null: nobody knows */
      settledRunId: t.richId('rosterrun').nullable(),
      /** of that feed, by `fingerprint` of a package, and of the records as they were then */
      settledFingerprint: t.string(160).nullable(),
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
