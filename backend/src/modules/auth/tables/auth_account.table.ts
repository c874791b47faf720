import { BaseTable } from '../../../db/base_table';
import { AuthUserTable } from './auth_user.table';

/** One way to sign in: a password (`credential`) or an identity provider. */
export class AuthAccountTable extends BaseTable {
  readonly table = 'auth_accounts';

  columns = this.setColumns(
    (t) => ({
      id: t.richId('account').primaryKey(),
      userId: t.richId('user').foreignKey(() => AuthUserTable, 'id', { onDelete: 'CASCADE' }),
      accountId: t.text(),
      providerId: t.text(),
      accessToken: t.text().nullable(),
      refreshToken: t.text().nullable(),
      idToken: t.text().nullable(),
      accessTokenExpiresAt: t.timestampNumber().nullable(),
      refreshTokenExpiresAt: t.timestampNumber().nullable(),
      scope: t.text().nullable(),
      password: t.text().nullable(),
      ...t.createdAndUpdated(),
    }),
    (t) => [t.index(['userId']), t.unique(['providerId', 'accountId'])],
  );
}
