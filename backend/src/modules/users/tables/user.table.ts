import { userStatus } from '@raptscallions/zod-schemas/user.zod';
import { BaseTable, tenantWall } from '../../../db/base_table';

export class UserTable extends BaseTable {
  readonly table = 'users';
  readonly softDelete = true;

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      userId: t.richId('user'),
      name: t.string(100),
      status: t.zodEnum('user_status', userStatus).default('pending_verification'),
      deletedAt: t.timestampNumber().nullable(),
      rev: t.rev(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'userId']),
      // Sign-in knows the person before it knows the tenant.
      t.unique(['userId']),
    ],
  );
  rls = tenantWall('users');
}
