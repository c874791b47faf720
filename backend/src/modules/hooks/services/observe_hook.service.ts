import type { HookAbout, HookInput } from '@raptscallions/module-sdk/hook_context';
import type { ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import type { z } from 'zod';
import type { Db } from '../../../db/db';
import { enterTenant } from '../../../db/enter_tenant';
import { stored } from '../../../db/stored_id';
import type { observeHookTask } from '../hooks.event';
import type { ModuleSupervisor } from '../module_supervisor';
import { mostTold, openChain } from './open_chain.service';
import { planChat } from './plan_chat.service';
import { storeVerdicts } from './store_verdicts.service';

type Observed = z.output<typeof observeHookTask.input>;
type Tools = { db: Db; modules: Pick<ModuleSupervisor, 'find' | 'call'> };

/** Shows the modules that only look what happened, and stores what they say. Done twice, it leaves one trace. */
export async function observeHook(tools: Tools, observed: Observed): Promise<void> {
  const { db } = tools;
  const { tenantId, chatSessionId, runId, messageId } = observed;
  const opened = await enterTenant(db, tenantId, async () => {
    const session = await readSession(db, observed);
    const input = session && (await readInput(db, observed, session));
    if (!session || !input) return undefined;
    const history = chatSessionId ? await readHistory(db, { ...observed, chatSessionId }) : [];
    const plan = await planChat(db, session);
    return { session, input, chain: await openChain(tools, { session, plan, history }) };
  });
  if (!opened) return;
  const { session, input, chain } = opened;
  await chain.observe(input);
  const { userId, classId, toolVersionId } = session;
  await enterTenant(db, tenantId, async () => {
    const run = runId && (await db.runs.includeDeleted().findByOptional(stored({ tenantId, runId })));
    const ofRun = run ? { runId: run.runId, attempt: run.attempt } : null;
    await storeVerdicts(
      db,
      { tenantId, run: ofRun, chatSessionId, messageId, userId, classId, toolVersionId },
      chain,
    );
  });
}

/** The chat, or for a form its run, which is a session of its own; undefined when it is gone. */
async function readSession(db: Db, { tenantId, chatSessionId, runId }: Observed) {
  if (chatSessionId)
    return await db.chatSessions.includeDeleted().findByOptional(stored({ tenantId, chatSessionId }));
  const run = runId && (await db.runs.includeDeleted().findByOptional(stored({ tenantId, runId })));
  if (!run) return undefined;
  const { userId, classId, toolVersionId, createdAt, finishedAt: completedAt } = run;
  const session = { tenantId, chatSessionId: run.runId, messageCount: 0, createdAt, completedAt };
  return { ...session, userId, classId, toolVersionId };
}

/** undefined when it is gone, or was held back after all */
async function readInput(
  db: Db,
  { tenantId, hook, runId, messageId }: Observed,
  session: { createdAt: number; completedAt: number | null },
): Promise<HookInput | undefined> {
  const { createdAt: startedAt, completedAt } = session;
  switch (hook) {
    case 'chat:on_message': {
      const message = messageId && (await db.messages.findByOptional(stored({ tenantId, messageId })));
      if (!message || message.outcome === 'blocked') return undefined;
      return { hook, role: message.role, text: message.text };
    }
    case 'session:start':
      return { hook, startedAt };
    case 'session:end':
      return { hook, startedAt, endedAt: completedAt ?? Date.now() };
    case 'run:complete': {
      const run = runId && (await db.runs.findByOptional(stored({ tenantId, runId })));
      if (!run || run.status === 'pending' || run.status === 'processing') return undefined;
      const { status, model, promptTokens, completionTokens, createdAt, finishedAt } = run;
      return {
        hook,
        status,
        model,
        promptTokens,
        completionTokens,
        latencyMs: finishedAt && finishedAt - createdAt,
      };
    }
  }
}

/** The session's messages before the one in question, or all of them. */
async function readHistory(
  db: Db,
  { tenantId, chatSessionId, messageId }: Observed & { chatSessionId: ChatSessionId },
): Promise<NonNullable<HookAbout['history']>> {
  const about = messageId && (await db.messages.findByOptional(stored({ tenantId, messageId })));
  const messages = await db.messages
    .where({
      ...stored({ tenantId, chatSessionId }),
      replacedAt: null,
      outcome: { not: 'blocked' },
      ...(about && { seq: { lt: about.seq } }),
    })
    .order({ seq: 'DESC' })
    .limit(mostTold)
    .select('role', 'text');
  return messages.reverse();
}
