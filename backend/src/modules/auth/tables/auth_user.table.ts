import { BaseTable } from '../../../db/base_table';

/**
 * A sign-in of the installation. It shares its id with the person's row in `users`; nobody but the
 * sign-in reads it. Somebody without an address has a placeholder under `.invalid` here.
 */
export class AuthUserTable extends BaseTable {
  readonly table = 'auth_users';

  columns = this.setColumns(
    (t) => ({
      id: t.richId('user').primaryKey(),
      tenantId: t.richId('tenant'),
      name: t.text(),
      email: t.text().unique(),
      emailVerified: t.boolean().default(false),
      image: t.text().nullable(),
      ...t.createdAndUpdated(),
    }),
    (t) => [t.index(['tenantId'])],
  );
}
