import { BaseTable, tenantWall } from '../../../db/base_table';

/** Who did what to whose affairs, and who read whose words. Rows are only added, and never synced. */
export class AuditEntryTable extends BaseTable {
  readonly table = 'audit_entries';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      auditEntryId: t.richId('auditentry'),
      action: t.text(),
      /** null: a person who was erased, like the subject, or the command line, where `details.by` says so */
      actorUserId: t.richId('user').nullable(),
      subjectUserId: t.richId('user').nullable(),
      details: t.json<Record<string, string | number | boolean | null>>(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'auditEntryId']),
      t.index(['tenantId', 'actorUserId', 'auditEntryId']),
      t.index(['tenantId', 'subjectUserId', 'auditEntryId']),
    ],
  );
  rls = tenantWall('audit_entries');
}
