import { toolKind, toolVersionStatus } from '@raptscallions/zod-schemas/tool.zod';
import { BaseTable, tenantWall } from '../../../db/base_table';
import { ToolTable } from './tool.table';

export class ToolVersionTable extends BaseTable {
  readonly table = 'tool_versions';
  readonly softDelete = true;

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      toolVersionId: t.richId('toolversion'),
      toolId: t.richId('tool'),
      groupId: t.richId('group').nullable(),
      ownerUserId: t.richId('user').nullable(),
      name: t.string(100),
      slug: t.string(100),
      version: t.string(50),
      kind: t.zodEnum('tool_kind', toolKind),
      status: t.zodEnum('tool_version_status', toolVersionStatus).default('draft'),
      description: t.string(500).nullable(),
      subject: t.string(100).nullable(),
      maxMessages: t.integer().nullable(),
      inputSchema: t.text().nullable(),
      outputSchema: t.text().nullable(),
      publishedAt: t.timestampNumber().nullable(),
      deletedAt: t.timestampNumber().nullable(),
      rev: t.rev(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'toolVersionId']),
      t.index(['tenantId', 'toolId']),
      // A draft may carry any version; what is published is unique in its group (two groups may both own it).
      t.unique(['tenantId', 'groupId', 'slug', 'version', 'ownerUserId'], {
        name: 'tool_versions_published_idx',
        where: "status = 'published' and deleted_at is null",
        nullsNotDistinct: true,
      }),
      t.foreignKey(['tenantId', 'toolId'], () => ToolTable, ['tenantId', 'toolId']),
    ],
  );
  rls = tenantWall('tool_versions', 'with_system');
}
