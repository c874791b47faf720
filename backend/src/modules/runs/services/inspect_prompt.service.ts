import { abilityFor, may } from '@raptscallions/policies/ability';
import type { InspectPromptInputZod, RunPromptZod } from '@raptscallions/zod-schemas/run.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';

/**
 * What was sent to the AI for a run, for an administrator of its class's group (or, for a trial, of its tool's).
 * The look is recorded in the same transaction: without its record there is none.
 * @throws AppError NOT_FOUND also for a run the actor may not inspect
 */
export async function inspectPrompt(
  { db, tenantId, actor }: TenantContext,
  { runId, runPromptViewId }: z.output<typeof InspectPromptInputZod>,
): Promise<z.output<typeof RunPromptZod>> {
  const run = await db.runs.includeDeleted().findByOptional(stored({ tenantId, runId }));
  if (!run) throw new AppError('NOT_FOUND');
  const { classId, toolVersionId } = run;
  const { groupId } = classId
    ? await db.classes.includeDeleted().findBy(stored({ tenantId, classId }))
    : await db.toolVersions.includeDeleted().findBy(stored({ tenantId, toolVersionId }));
  if (!may(abilityFor(actor), 'read', 'RunPrompt', { groupId })) throw new AppError('NOT_FOUND');
  await db.runPromptViews
    .create({ tenantId, runPromptViewId, runId, viewerUserId: actor.userId, viewedAt: Date.now() })
    .onConflictDoNothing(['tenantId', 'runPromptViewId']);
  const prompts = await db.runPrompts.where(stored({ tenantId, runId })).order({ attempt: 'ASC' });
  const attempts = prompts.map(({ attempt, model, messages, createdAt }) => ({
    attempt,
    model,
    messages,
    sentAt: createdAt,
  }));
  return { __type: 'RunPrompt', runId, attempts };
}
