import { change } from '../db_script';

/**
 * Codes that were cut in the middle of a name may end in a hyphen, or have two in a row before their number. What
 * is typed is looked up in its plain form, so nobody found them. Where another school has or had the plain form, a
 * number makes the difference, as for a new school; what a school's own old code keeps from it, it gets back.
 */
export const plainCodesSql = `
do $$
declare
  school record;
  plain text;
  free text;
begin
  for school in
    select tenant_id, school_code from tenants
    where school_code ~ '^-|-$|--' order by tenant_id
  loop
    plain := trim(both '-' from regexp_replace(school.school_code, '-+', '-', 'g'));
    free := plain;
    while exists (select from tenants t where t.school_code = free)
      or exists (select from retired_school_codes r
                 where r.school_code = free and r.tenant_id <> school.tenant_id) loop
      free := left(plain, 35) || '-' || (1000 + floor(random() * 9000))::int;
    end loop;
    delete from retired_school_codes where school_code = free;
    update tenants set school_code = free where tenant_id = school.tenant_id;
  end loop;
  for school in
    select tenant_id, school_code from retired_school_codes
    where school_code ~ '^-|-$|--' order by tenant_id, school_code
  loop
    plain := trim(both '-' from regexp_replace(school.school_code, '-+', '-', 'g'));
    if exists (select from tenants t where t.school_code = plain)
      or exists (select from retired_school_codes r where r.school_code = plain) then
      delete from retired_school_codes where school_code = school.school_code;
    else
      update retired_school_codes set school_code = plain where school_code = school.school_code;
    end if;
  end loop;
end $$`;

change(async (db, up) => {
  // The way back is none: the plain form was always what people typed.
  if (up) await db.adapter.query(plainCodesSql);
});
