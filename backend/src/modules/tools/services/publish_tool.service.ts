import { abilityFor, may } from '@raptscallions/policies/ability';
import { compilePattern } from '@raptscallions/tool-yaml/check_value';
import { parseToolYaml } from '@raptscallions/tool-yaml/parse_tool_yaml';
import type { ToolPublishInputZod } from '@raptscallions/zod-schemas/tool.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { eventOf } from '../../../events/domain_event';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { toolPublished } from '../tools.event';
import { describeTool } from './describe_tool.service';

/**
 * Makes a draft a version that can be given to classes and never changes again. Published already is done.
 * @throws AppError BAD_REQUEST with the problems of the YAML, each at its line and column, in `details`;
 * CONFLICT when this version number is out; NOT_FOUND for somebody else's tool
 */
export async function publishTool(
  ctx: TenantContext,
  input: z.output<typeof ToolPublishInputZod>,
): Promise<void> {
  const { db, tenantId, actor } = ctx;
  const { toolId, toolVersionId } = input;
  const tool = await db.tools.findByOptional(stored({ tenantId, toolId })).forUpdate();
  const draft = await db.toolVersions.findByOptional(stored({ tenantId, toolId, toolVersionId }));
  const source = await db.toolSources.findByOptional(stored({ tenantId, toolVersionId }));
  if (!tool || !draft || !source || !may(abilityFor(actor), 'update', 'Tool', { ...tool, givenTo: [] })) {
    throw new AppError('NOT_FOUND', 'This tool does not exist, or it is not yours to publish.');
  }
  if (draft.status === 'published') return;
  const parsed = parseToolYaml(source.yaml);
  if (!parsed.ok) {
    const first = parsed.problems[0];
    const place = first ? `Line ${first.line}, column ${first.column}: ${first.message}` : 'It has errors.';
    throw new AppError('BAD_REQUEST', `This draft cannot be published yet. ${place}`, {
      problems: parsed.problems,
    });
  }
  const { input_schema, output_schema } = parsed.tool;
  const pattern = findSlowPattern(input_schema) ?? findSlowPattern(output_schema);
  if (pattern !== undefined) {
    throw new AppError(
      'BAD_REQUEST',
      `The pattern ${pattern} cannot be matched safely. Write it more simply.`,
    );
  }
  const described = describeTool(source.yaml, undefined);
  const { name, slug, kind, version } = described;
  const twin = await db.toolVersions
    .where({ ...stored({ tenantId, groupId: tool.groupId, ownerUserId: tool.ownerUserId }), slug, version })
    .where({ status: 'published' })
    .exists();
  if (twin)
    throw new AppError('CONFLICT', `${name} ${version} is published already. Raise the version number.`);
  await db.toolVersions
    .where(stored({ tenantId, toolVersionId }))
    .update({ ...described, status: 'published', publishedAt: Date.now() });
  await db.tools
    .where(stored({ tenantId, toolId }))
    .update({ name, slug, kind, publishedToolVersionId: toolVersionId });
  await ctx.app.publish(toolPublished, { ...eventOf(ctx, 'ToolPublished', toolId), toolVersionId, version });
}

/** A pattern that the engine for texts of other people does not take, anywhere in a schema. */
function findSlowPattern(schema: unknown): string | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'pattern' && typeof value === 'string' && !compilePattern(value)) return value;
    const inside = findSlowPattern(value);
    if (inside !== undefined) return inside;
  }
  return undefined;
}
