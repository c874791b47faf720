import type { InspectPromptInputZod, RunPromptZod } from '@raptscallions/zod-schemas/run.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import type { TenantContext } from '../../../procedures/context';
import { checkOverseen } from './check_overseen.service';

/**
 * What was sent to the AI for a run, for its administrators. The look is recorded in the same transaction: without
 * its record there is none.
 * @throws AppError NOT_FOUND also for a run the actor may not inspect
 */
export async function inspectPrompt(
  ctx: TenantContext,
  { runId, runPromptViewId }: z.output<typeof InspectPromptInputZod>,
): Promise<z.output<typeof RunPromptZod>> {
  const { db, tenantId, actor } = ctx;
  await checkOverseen(ctx, runId, 'RunPrompt');
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
