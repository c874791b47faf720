import { BaseTable, tenantWall } from '../../../db/base_table';
import { UserTable } from './user.table';

export class UserContactTable extends BaseTable {
  readonly table = 'user_contacts';
  readonly softDelete = true;

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      userId: t.richId('user'),
      email: t.string(255).nullable(),
      username: t.string(100).nullable(),
      deletedAt: t.timestampNumber().nullable(),
      rev: t.rev(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'userId']),
      t.unique(['tenantId', 'email']),
      t.unique(['tenantId', 'username']),
      // Identity providers and forgotten passwords know an address and no tenant.
      t.index(['email']),
      // Usernames are typed in any case.
      t.index(['tenantId', { expression: 'lower(username)' }]),
      t.foreignKey(['tenantId', 'userId'], () => UserTable, ['tenantId', 'userId']),
    ],
  );
  rls = tenantWall('user_contacts');
}
