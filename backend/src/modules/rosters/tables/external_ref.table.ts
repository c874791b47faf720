import { BaseTable, tenantWall } from '../../../db/base_table';

/**
 * What a source has told us about each of its records, and which row of ours stands for it. A source changes
 * only rows it has a reference to; the memberships it made say so themselves.
 */
export class ExternalRefTable extends BaseTable {
  readonly table = 'external_refs';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      /** Without a foreign key, as a first load would be checked a million times for one row: no source is ever removed. */
      rosterSourceId: t.richId('rostersource'),
      entity: t.string(20),
      sourcedId: t.string(255),
      /** null for records that have no row of their own: sessions, roles, enrolments, guardians */
      internalId: t.uuid().nullable(),
      /** of an enrolment its class, of a role its organisation; null for the rest */
      placeSourcedId: t.string(255).nullable(),
      personSourcedId: t.string(255).nullable(),
      /** another record is the same person, since an administrator merged two accounts */
      sharesPerson: t.boolean().default(false),
      /** by this record the person was suspended, and not by hand: what a feed has done a feed may undo */
      suspendedPerson: t.boolean().default(false),
      data: t.json<Record<string, unknown>>(),
      endedAt: t.timestampNumber().nullable(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'rosterSourceId', 'entity', 'sourcedId']),
      t.index(['tenantId', 'entity', 'internalId'], { where: 'internal_id is not null' }),
      t.index(['tenantId', 'rosterSourceId', 'internalId'], { where: 'shares_person' }),
      t.index(['tenantId', 'rosterSourceId', 'placeSourcedId', 'personSourcedId'], {
        where: 'place_sourced_id is not null',
      }),
      t.index(['tenantId', 'rosterSourceId', 'personSourcedId'], { where: 'person_sourced_id is not null' }),
    ],
  );
  rls = tenantWall('external_refs');
}
