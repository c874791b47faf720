import { z } from 'zod';
import { groupId } from './group.zod';
import { richId } from './rich_id';
import { timestampNumber, timestampsShape } from './timestamp';
import { userId } from './user.zod';

export const toolId = richId('tool');
export const toolVersionId = richId('toolversion');

export const toolKind = z.enum(['chat', 'product']);
export const semver = z.string().regex(/^\d+\.\d+\.\d+$/, 'must look like 1.0.0');
export const toolSlug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .max(100);

/** What a list of tools shows; the YAML lives with the versions. */
export const ToolSelectAllZod = z.object({
  toolId,
  /** null: system-wide */
  groupId: groupId.nullable(),
  /** null: its author was erased */
  ownerUserId: userId.nullable(),
  name: z.string().trim().min(1).max(100),
  slug: toolSlug,
  kind: toolKind,
  /** the newest published version, which new assignments get; null while only a draft exists */
  publishedToolVersionId: toolVersionId.nullable(),
  ...timestampsShape,
});
export type Tool = z.infer<typeof ToolSelectAllZod>;

export const toolVersionStatus = z.enum(['draft', 'published']);

/** A version as everybody may see it who may use the tool: nothing of the prompt. */
export const ToolVersionSelectAllZod = z.object({
  toolVersionId,
  toolId,
  groupId: groupId.nullable(),
  ownerUserId: userId.nullable(),
  name: z.string(),
  slug: toolSlug,
  version: semver,
  kind: toolKind,
  status: toolVersionStatus,
  description: z.string().nullable(),
  subject: z.string().nullable(),
  maxMessages: z.int().nullable(),
  /**
   * Of a product: JSON Schema as text, which keeps the order of its fields; null for a chat. The form as its author
   * wrote it, and the result without what was written for the AI.
   */
  inputSchema: z.string().nullable(),
  outputSchema: z.string().nullable(),
  publishedAt: timestampNumber.nullable(),
  ...timestampsShape,
});
export type ToolVersion = z.infer<typeof ToolVersionSelectAllZod>;

/** The YAML as its author typed it; readable by the author and administrators only. */
export const ToolSourceSelectAllZod = z.object({
  toolVersionId,
  toolId,
  groupId: groupId.nullable(),
  ownerUserId: userId.nullable(),
  yaml: z.string(),
  ...timestampsShape,
});
export type ToolSource = z.infer<typeof ToolSourceSelectAllZod>;

/** 64 kB is the limit of the parser; the text is checked there, line by line. */
const yaml = z.string().min(1).max(65_536);

/** Saves the draft of a tool, making tool and draft when they do not exist yet. */
export const ToolSaveInputZod = z.object({ toolId, toolVersionId, groupId, yaml });
export const ToolPublishInputZod = z.object({ toolId, toolVersionId });
export const ToolArchiveInputZod = z.object({ toolId, archived: z.boolean() });
