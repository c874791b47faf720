import type { Assignment } from '@raptscallions/zod-schemas/assignment.zod';
import type { Tool, ToolSource, ToolVersion } from '@raptscallions/zod-schemas/tool.zod';
import type { LocalDb } from '../../local_db/local_db';

export type ToolSummary = {
  tool: Tool;
  published: ToolVersion | null;
  draft: ToolVersion | null;
  groupName: string | null;
  ownerName: string | null;
  classNames: string[];
  changedAt: number;
};

/** Tools on this device, the one changed last first. */
export async function readToolSummaries(db: LocalDb): Promise<ToolSummary[]> {
  const [tools, versions, assignments, classes, groups, users] = await Promise.all([
    db.tools.toArray(),
    db.toolVersions.toArray(),
    db.assignments.toArray(),
    db.classes.toArray(),
    db.groups.toArray(),
    db.users.toArray(),
  ]);
  const className = new Map(classes.map((row) => [row.classId, row.name]));
  const groupName = new Map(groups.map((row) => [row.groupId, row.name]));
  const userName = new Map(users.map((row) => [row.userId, row.name]));
  return tools
    .map((tool): ToolSummary => {
      const own = versions.filter((version) => version.toolId === tool.toolId);
      const names = assignments
        .filter((assignment) => assignment.toolId === tool.toolId)
        .flatMap((assignment) => className.get(assignment.classId) ?? []);
      return {
        tool,
        published: own.find((version) => version.toolVersionId === tool.publishedToolVersionId) ?? null,
        draft: newest(own.filter((version) => version.status === 'draft')),
        groupName: tool.groupId ? (groupName.get(tool.groupId) ?? null) : null,
        ownerName: tool.ownerUserId ? (userName.get(tool.ownerUserId) ?? null) : null,
        classNames: [...new Set(names)].sort((a, b) => a.localeCompare(b, undefined, { numeric: true })),
        changedAt: Math.max(tool.updatedAt, ...own.map((version) => version.updatedAt)),
      };
    })
    .sort((a, b) => b.changedAt - a.changedAt);
}

function newest(versions: readonly ToolVersion[]): ToolVersion | null {
  return [...versions].sort((a, b) => b.createdAt - a.createdAt)[0] ?? null;
}

export type ToolDetail = {
  tool: Tool;
  /** newest first */
  versions: ToolVersion[];
  /** by version; only for authors and administrators */
  sources: Map<string, ToolSource>;
  draft: ToolVersion | null;
  published: ToolVersion | null;
  groupName: string | null;
  uses: { assignment: Assignment; className: string; version: string }[];
};

/** One tool with all of its versions; null when this device does not hold it. */
export async function readToolDetail(db: LocalDb, toolId: Tool['toolId']): Promise<ToolDetail | null> {
  const tool = await db.tools.get(toolId);
  if (!tool) return null;
  const [versions, sources, assignments, group] = await Promise.all([
    db.toolVersions.where('toolId').equals(toolId).toArray(),
    db.toolSources.where('toolId').equals(toolId).toArray(),
    db.assignments.where('toolId').equals(toolId).toArray(),
    tool.groupId ? db.groups.get(tool.groupId) : undefined,
  ]);
  versions.sort((a, b) => b.createdAt - a.createdAt);
  const classes = await db.classes.bulkGet(assignments.map((assignment) => assignment.classId));
  const versionOf = new Map(versions.map((version) => [version.toolVersionId, version.version]));
  return {
    tool,
    versions,
    sources: new Map(sources.map((source) => [source.toolVersionId, source])),
    draft: newest(versions.filter((version) => version.status === 'draft')),
    published: versions.find((version) => version.toolVersionId === tool.publishedToolVersionId) ?? null,
    groupName: group?.name ?? null,
    uses: assignments.flatMap((assignment, at) => {
      const row = classes[at];
      const version = versionOf.get(assignment.toolVersionId) ?? '';
      return row ? [{ assignment, className: row.name, version }] : [];
    }),
  };
}
