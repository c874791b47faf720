import { change } from '../db_script';

change(async (db) => {
  await db.addEnumValues('roster_run_status', ['open', 'failed', 'discarded']);

  await db.createEnum('roster_source_kind', ['csv', 'rest']);

  await db.createEnum('roster_run_work', ['waiting', 'reading', 'comparing', 'applying']);

  await db.createEnum('roster_decision', ['preview', 'apply', 'approve', 'additions_only', 'undo']);

  await db.createEnum('roster_run_trigger', ['upload', 'command', 'folder', 'schedule', 'hand']);

  await db.createEnum('roster_feed_scope', ['full', 'delta']);

  await db.createTable(
    'roster_packages',
    (t) => ({
      tenantId: t.uuid(),
      rosterRunId: t.uuid(),
      part: t.integer(),
      bytes: t.bytea(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'rosterRunId', 'part']),
      t.foreignKey(
        ['tenantId', 'rosterRunId'],
        'roster_runs',
        ['tenantId', 'rosterRunId'],
      ),
    ],
  );

  await db.changeTable('external_refs', (t) => ({
    placeSourcedId: t.add(t.string().nullable()),
    personSourcedId: t.add(t.string().nullable()),
    ...t.drop(
      t.index(['tenant_id', 'entity', 'internal_id'])
    ),
    ...t.add(
      t.index(['tenantId', 'entity', 'internalId'], {
        where: 'internal_id is not null',
      })
    ),
    ...t.add(
      t.index(['tenantId', 'rosterSourceId', 'placeSourcedId', 'personSourcedId'], {
        where: 'place_sourced_id is not null',
      })
    ),
    ...t.add(
      t.index(['tenantId', 'rosterSourceId', 'personSourcedId'], {
        where: 'person_sourced_id is not null',
      })
    ),
  }));
});

change(async (db) => {
  await db.changeTable('roster_runs', (t) => ({
    work: t.add(t.enum('roster_run_work').nullable()),
    decision: t.add(t.enum('roster_decision').nullable()),
    trigger: t.add(t.enum('roster_run_trigger').default('command')),
    scope: t.add(t.enum('roster_feed_scope').default('full')),
    rowsRead: t.add(t.integer().default(0)),
    failure: t.add(t.text().nullable()),
    requestedByUserId: t.add(t.uuid().nullable()),
    decidedByUserId: t.add(t.uuid().nullable()),
    feedStartedAt: t.add(t.timestamp().nullable()),
    finishedAt: t.add(t.timestamp().nullable()),
  }));

  await db.changeTable('roster_sources', (t) => ({
    kind: t.add(t.enum('roster_source_kind').default('csv')),
    endLimitPercent: t.add(t.smallint().default(10)),
    connection: t.add(t.json().nullable()),
    sealedSecret: t.add(t.text().nullable()),
    scheduled: t.add(t.boolean().default(false)),
    nightlyAt: t.add(t.string(5).default('02:00')),
    weeklyDay: t.add(t.smallint().default(6)),
    datesReviewedOn: t.add(t.string(10).nullable()),
  }));

  await db.createPolicy('roster_packages', 'roster_packages_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('roster_packages', 'roster_packages_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('roster_packages');
});

/** References that were there before say the two ids they join only in their data. */
change(async (db, up) => {
  if (!up) return;
  await db.query`update external_refs set place_sourced_id = coalesce(data->>'class', data->>'org'), person_sourced_id = data->>'user' where entity in ('enrollment', 'role')`;
});
