import { change } from '../db_script';

change(async (db, up) => {
  await db.changeTable('external_refs', (t) => ({
    suspendedPerson: t.add(t.boolean().default(false)),
  }));
  if (!up) return;
  // Who suspended whom is known from now on; of those there are, a feed says it of the ones it has ended or shut out.
  await db.adapter.query(
    `update external_refs r set suspended_person = true from users u
    where r.entity = 'user' and u.tenant_id = r.tenant_id and u.user_id = r.internal_id and u.status = 'suspended'
      and (r.ended_at is not null or not coalesce((r.data->>'enabled')::boolean, true))`,
  );
});
