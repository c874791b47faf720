import { parseToolYaml } from '@raptscallions/tool-yaml/parse_tool_yaml';
import type { ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../../db/db';
import { enterTenant } from '../../../db/enter_tenant';
import { stored, storedId } from '../../../db/stored_id';
import type { AiMessage } from '../../../lib/ai_gateway/ai_gateway';
import { buildSystemPrompt } from '../../../lib/ai_gateway/prompt_sections';

/** A worker that has not said for this long that it lives has lost its run. */
export const leaseMs = 15_000;
/** How many earlier messages the model is shown. */
const historyLength = 50;

export type ClaimedRun = {
  tenantId: TenantId;
  runId: RichId<'run'>;
  chatSessionId: ChatSessionId;
  attempt: number;
  messages: AiMessage[];
  model: string | undefined;
};

/**
 * Takes the oldest open run of a session, unless a living worker has it: one question of a session is answered
 * at a time. The higher attempt number fences off whoever had it before. From here on teachers see the
 * question; hooks that may withhold it come before this point.
 * @param taskId of the queue's task, which comes again only when its worker is known to be dead
 * @returns undefined when there is nothing to do
 */
export function claimRun(
  db: Db,
  tenantId: TenantId,
  chatSessionId: ChatSessionId,
  taskId: RichId<'task'>,
): Promise<ClaimedRun | undefined> {
  return enterTenant(db, tenantId, async () => {
    const session = await db.chatSessions
      .includeDeleted()
      .findByOptional(stored({ tenantId, chatSessionId }))
      .forUpdate();
    if (!session) return undefined;
    const run = await db.runs
      .where({ ...stored({ tenantId, chatSessionId }), status: { in: ['pending', 'processing'] } })
      .order({ answerSeq: 'ASC' })
      .takeOptional()
      .forUpdate();
    if (!run?.messageId) return undefined;
    const leased = run.status === 'processing' && (run.leaseUntil ?? 0) > Date.now();
    if (leased && run.taskId !== storedId(taskId)) return undefined;

    const attempt = run.attempt + 1;
    const now = Date.now();
    await db.runs.where(stored({ tenantId, runId: run.runId })).update({
      status: 'processing',
      attempt,
      taskId: storedId(taskId),
      leaseUntil: now + leaseMs,
      startedAt: run.startedAt ?? now,
    });
    await db.messages
      .where({ ...stored({ tenantId, messageId: run.messageId }), shownToStaff: false })
      .update({ shownToStaff: true });

    const asked = await db.messages.findBy(stored({ tenantId, messageId: run.messageId }));
    const before = await db.messages
      .where({ ...stored({ tenantId, chatSessionId }), seq: { lt: asked.seq }, outcome: { not: 'blocked' } })
      .order({ seq: 'DESC' })
      .limit(historyLength);
    const assignment = session.assignmentId
      ? await db.assignments
          .includeDeleted()
          .findByOptional(stored({ tenantId, assignmentId: session.assignmentId }))
      : undefined;
    const source = await db.toolSources
      .includeDeleted()
      .findBy(stored({ tenantId, toolVersionId: run.toolVersionId }));
    const parsed = parseToolYaml(source.yaml);
    // An author may try a draft with errors: then the text itself is all we know of its behaviour.
    const tool = parsed.ok ? parsed.tool : undefined;
    const system = buildSystemPrompt({
      toolName: tool?.name ?? 'Draft',
      behavior: tool?.behavior ?? source.yaml,
      assignmentInstructions: assignment?.instructions ?? undefined,
      constraints: {
        topics: tool?.constraints?.topics,
        noDirectAnswers: tool?.constraints?.no_direct_answers,
      },
    });
    return {
      tenantId,
      runId: run.runId,
      chatSessionId,
      attempt,
      model: tool?.model,
      messages: [
        { role: 'system', content: system },
        ...before.reverse().map(({ role, text }) => ({ role, content: text })),
        { role: 'user', content: asked.text },
      ],
    };
  });
}
