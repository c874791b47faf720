import { mayManageSignIn } from '@raptscallions/policies/sign_in';
import type { ExportPersonInputZod, PersonExportZod } from '@raptscallions/zod-schemas/privacy.zod';
import type { z } from 'zod';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import type { CommandContext } from '../../../procedures/context';
import { withSignIn } from '../../auth/services/with_sign_in.service';
import { listAccounts } from '../../people/services/list_accounts.service';
import { personalData } from '../personal_data';

/**
 * Everything that is stored about a person, under accounts that were merged into theirs too: for themself, or for
 * whoever looks after them.
 * @throws AppError NOT_FOUND
 */
export async function exportPerson(
  ctx: CommandContext,
  { userId }: z.output<typeof ExportPersonInputZod>,
): Promise<z.output<typeof PersonExportZod>> {
  const { db, tenantId } = ctx;
  await withSignIn(
    ctx,
    userId,
    (actor, subject) => subject.userId === actor.userId || mayManageSignIn(actor, subject),
  );
  const tables: Record<string, Record<string, unknown>[]> = {};
  for (const account of await listAccounts(db, tenantId, userId)) {
    for (const { table, of, exported, without = [] } of personalData) {
      if (!exported) continue;
      const rows = await runSql<{ row: Record<string, unknown> }>(
        db,
        `select to_jsonb(t) - $3::text[] as row from ${table} t where t.tenant_id = $1 and ${of}`,
        [storedId(tenantId), storedId(account), ['tenant_id', ...without]],
      );
      tables[table] = [...(tables[table] ?? []), ...rows.map(({ row }) => row)];
    }
  }
  return { __type: 'PersonExport', userId, exportedAt: Date.now(), tables };
}
