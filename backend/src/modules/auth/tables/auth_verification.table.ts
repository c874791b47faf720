import { BaseTable } from '../../../db/base_table';

export class AuthVerificationTable extends BaseTable {
  readonly table = 'auth_verifications';

  columns = this.setColumns(
    (t) => ({
      id: t.richId('verification').primaryKey(),
      identifier: t.text(),
      value: t.text(),
      expiresAt: t.timestampNumber(),
      ...t.createdAndUpdated(),
    }),
    (t) => [t.index(['identifier'])],
  );
}
