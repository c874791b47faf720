import { change } from '../db_script';

/**
 * The two roles of the wall and what they may touch. They have no login: the one user of DATABASE_URL is
 * made a member, and each pool takes its role on connect. Both belong to the whole server, so they may
 * exist already.
 */
change(async (db, up) => {
  if (!up) return;
  await db.query`create extension if not exists ltree`;
  for (const role of ['rapt_app', 'rapt_system']) {
    await db.adapter.query(
      `do $$ begin
        if not exists (select from pg_roles where rolname = '${role}') then create role ${role} nologin; end if;
        if not pg_has_role(current_user, '${role}', 'set') then execute format('grant ${role} to %I', current_user); end if;
      exception when duplicate_object or unique_violation then null; end $$`,
    );
    await db.adapter.query(`grant usage on schema public to ${role}`);
    await db.adapter.query(
      `alter default privileges in schema public grant select, insert, update, delete on tables to ${role}`,
    );
  }
  // The queue keeps its own tables, and only the system role ever looks at them.
  await db.query`create schema if not exists tbus authorization rapt_system`;
  await db.adapter.query('do $$ begin execute format(\'grant create on database %I to rapt_system\', current_database()); end $$');
});
