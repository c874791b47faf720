import { composedUsernamesSql } from '../../modules/auth/composed_usernames_sql';
import { change } from '../db_script';

change(async (db, up) => {
  if (up) await db.adapter.query(composedUsernamesSql);
});
