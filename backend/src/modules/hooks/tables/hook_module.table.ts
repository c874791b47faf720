import type { ModuleManifest } from '@raptscallions/module-sdk/module_manifest';
import { moduleStatus } from '@raptscallions/zod-schemas/hook.zod';
import { BaseTable, tenantWall } from '../../../db/base_table';

/**
 * The modules of this installation and how they are, as its workers last saw them: rows of the reserved tenant,
 * which everybody may read. The code is in the folder `modules`, and only there.
 */
export class HookModuleTable extends BaseTable {
  readonly table = 'hook_modules';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      name: t.string(60),
      /** null: its module.yaml could not be read even once */
      manifest: t.json<ModuleManifest>().nullable(),
      status: t.zodEnum('module_status', moduleStatus),
      /** what is wrong with it; it may be that an older version still runs */
      problem: t.text().nullable(),
      crashes: t.integer().default(0),
      /** an administrator wants a disabled one to begin again; every process that runs modules looks for it */
      reviveRequestedAt: t.timestampNumber().nullable(),
      /** its folder is gone */
      removedAt: t.timestampNumber().nullable(),
      ...t.createdAndUpdated(),
    }),
    (t) => [t.primaryKey(['tenantId', 'name'])],
  );
  rls = tenantWall('hook_modules', 'with_system');
}
