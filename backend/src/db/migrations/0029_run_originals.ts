import { change } from '../db_script';

/** What was held back belongs to a run, not to a message: a form has none. */
const up = `
  alter table message_originals rename to run_originals;
  alter policy message_originals_tenant on run_originals rename to run_originals_tenant;
  alter policy message_originals_system on run_originals rename to run_originals_system;
  alter table run_originals drop constraint message_originals_pkey;
  drop index message_originals_tenant_id_run_id_idx;
  alter table run_originals drop column message_id;
  alter table run_originals alter column text type jsonb using to_jsonb(text);
  alter table run_originals rename column text to original;
  delete from run_originals o
  where not exists (select from runs r where r.tenant_id = o.tenant_id and r.run_id = o.run_id)
    or exists (select from run_originals n where (n.tenant_id, n.run_id, n.attempt, n.hook)
      = (o.tenant_id, o.run_id, o.attempt, o.hook) and n.ctid > o.ctid);
  alter table run_originals add primary key (tenant_id, run_id, attempt, hook);
  alter table run_originals add constraint run_originals_tenant_id_run_id_fkey
    foreign key (tenant_id, run_id) references runs (tenant_id, run_id) on delete cascade;
  alter table message_original_views rename to run_original_views;
  alter policy message_original_views_tenant on run_original_views rename to run_original_views_tenant;
  alter policy message_original_views_system on run_original_views rename to run_original_views_system;
  alter table run_original_views rename constraint message_original_views_pkey to run_original_views_pkey;
  alter index message_original_views_tenant_id_run_id_idx rename to run_original_views_tenant_id_run_id_idx;
`;

/** What was held back of forms has no place in the older shape. */
const down = `
  alter table run_originals rename to message_originals;
  alter policy run_originals_tenant on message_originals rename to message_originals_tenant;
  alter policy run_originals_system on message_originals rename to message_originals_system;
  alter table message_originals drop constraint run_originals_tenant_id_run_id_fkey;
  alter table message_originals drop constraint run_originals_pkey;
  delete from message_originals where hook not in ('chat:before_ai', 'chat:after_ai');
  alter table message_originals rename column original to text;
  alter table message_originals alter column text type text using text #>> '{}';
  alter table message_originals add column message_id uuid;
  update message_originals o set message_id
    = (select case when o.hook = 'chat:before_ai' then r.message_id else r.answer_message_id end
       from runs r where r.tenant_id = o.tenant_id and r.run_id = o.run_id);
  alter table message_originals add primary key (tenant_id, message_id, attempt);
  create index message_originals_tenant_id_run_id_idx on message_originals (tenant_id, run_id);
  alter table run_original_views rename to message_original_views;
  alter policy run_original_views_tenant on message_original_views rename to message_original_views_tenant;
  alter policy run_original_views_system on message_original_views rename to message_original_views_system;
  alter table message_original_views rename constraint run_original_views_pkey to message_original_views_pkey;
  alter index run_original_views_tenant_id_run_id_idx rename to message_original_views_tenant_id_run_id_idx;
`;

change(async (db, isUp) => {
  await db.adapter.query(isUp ? up : down);
});
