import { BaseTable } from '../../../db/base_table';
import { AuthUserTable } from './auth_user.table';

export class AuthSessionTable extends BaseTable {
  readonly table = 'auth_sessions';

  columns = this.setColumns(
    (t) => ({
      id: t.richId('authsession').primaryKey(),
      userId: t.richId('user').foreignKey(() => AuthUserTable, 'id', { onDelete: 'CASCADE' }),
      token: t.text().unique(),
      expiresAt: t.timestampNumber(),
      ipAddress: t.text().nullable(),
      userAgent: t.text().nullable(),
      /** when the person last showed again who they are, within the session */
      provedAt: t.timestampNumber().nullable(),
      deviceContext: t.enum('device_context', ['personal', 'shared', 'unknown']).default('unknown'),
      ...t.createdAndUpdated(),
    }),
    (t) => [t.index(['userId'])],
  );
}
