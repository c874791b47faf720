/** User names in the form the sign-in looks for: accents as one character with their letter, where nobody has that. */
export const composedUsernamesSql = `
do $$
declare contact record;
begin
  if current_setting('server_encoding') <> 'UTF8' then return; end if;
  for contact in
    select tenant_id, user_id, normalize(username, nfc) as composed from user_contacts
    where username is not nfc normalized order by tenant_id, user_id
  loop
    update user_contacts c set username = contact.composed
    where (c.tenant_id, c.user_id) = (contact.tenant_id, contact.user_id)
      and not exists (select from user_contacts o
                      where o.tenant_id = contact.tenant_id and o.username = contact.composed);
  end loop;
end $$`;
