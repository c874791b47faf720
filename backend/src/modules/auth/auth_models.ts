import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { Db } from '../../db/db';
import type { AuthTable } from './match_rows';
import type { AuthModels } from './orchid_adapter';

/** better-auth's four models as our tables. `db` is of the system role: the app's may not read them. */
export function createAuthModels(db: Db): AuthModels {
  const models = new Map<string, { table: AuthTable; newRowId(): string }>([
    ['user', { table: db.authUsers, newRowId: () => newId('user') }],
    ['session', { table: db.authSessions, newRowId: () => newId('authsession') }],
    ['account', { table: db.authAccounts, newRowId: () => newId('account') }],
    ['verification', { table: db.authVerifications, newRowId: () => newId('verification') }],
  ]);
  const known = (model: string) => {
    const found = models.get(model);
    if (!found) throw new Error(`There is no table for better-auth's model ${model}`);
    return found;
  };
  return {
    table: (model) => known(model).table,
    newRowId: (model) => known(model).newRowId(),
    transaction: (work) => db.$transaction(work),
  };
}
