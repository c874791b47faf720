import { checkValue } from '@raptscallions/tool-yaml/check_value';
import type { ProductRunInputZod } from '@raptscallions/zod-schemas/product.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { performRunTask } from '../../runs/runs.event';
import { findUsableVersion } from '../../tools/services/find_usable_version.service';
import { readSchema } from '../read_schema';

/**
 * Takes what was filled in, held against the form, and puts its run into the queue, all or nothing. The browser's
 * id makes it one result however often it is sent.
 * @throws AppError NOT_FOUND for an assignment or tool the actor cannot use, CONFLICT for a chat tool or an id that
 * is taken, BAD_REQUEST with every field that does not fit in `details`
 */
export async function runProduct(
  ctx: TenantContext,
  input: z.output<typeof ProductRunInputZod>,
): Promise<void> {
  const { app, db, tenantId, actor } = ctx;
  const { runId } = input;
  const known = await db.runs.includeDeleted().findByOptional(stored({ tenantId, runId }));
  if (known?.userId === actor.userId && known.kind === 'product') return;
  if (known) throw new AppError('CONFLICT', 'A run with this id exists already.');
  const { assignment, version } = await findUsableVersion(ctx, input);
  if (version.kind !== 'product') throw new AppError('CONFLICT', 'This tool is a chat, not a form.');
  const schema = readSchema(version.inputSchema);
  if (!schema) throw new AppError('CONFLICT', 'This version has no form that works. Publish the tool anew.');
  const flaws = checkValue(schema, input.input);
  const [first] = flaws;
  if (first) {
    const place = first.path.join(' › ');
    throw new AppError('BAD_REQUEST', `${place ? `${place}: ` : ''}${first.message}`, { flaws });
  }
  const { toolId, toolVersionId } = version;
  const own = { tenantId, runId, userId: actor.userId, classId: assignment?.classId ?? null, toolVersionId };
  await db.runs.create({ ...own, kind: 'product' });
  await db.productResults.create({
    ...own,
    assignmentId: assignment?.assignmentId ?? null,
    toolId,
    input: input.input,
  });
  await app.enqueue(performRunTask, { tenantId, runId });
}
