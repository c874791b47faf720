import { change } from '../db_script';

/** Memberships tell the source they came from themselves, instead of by a reference of their own beside each. */
change(async (db, up) => {
  await db.changeTable('class_members', (t) => ({
    rosterSourceId: t.add(t.uuid().nullable()),
  }));

  await db.changeTable('group_members', (t) => ({
    rosterSourceId: t.add(t.uuid().nullable()),
  }));
  await db.changeTable('roster_runs', (t) => ({
    recordsKept: t.add(t.boolean().default(true)),
  }));
  if (!up) return;
  for (const member of ['class_member', 'group_member']) {
    // What browsers hold stays as it is, so nothing has to be sent.
    await db.adapter.query(`alter table ${member}s disable trigger user`);
    await db.adapter.query(
      `update ${member}s m set roster_source_id = r.roster_source_id from external_refs r
      where r.tenant_id = m.tenant_id and r.entity = '${member}' and r.internal_id = m.${member}_id`,
    );
    await db.adapter.query(`alter table ${member}s enable trigger user`);
    await db.adapter.query(`delete from external_refs where entity = '${member}'`);
  }
});
