import type { ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { atOnce } from '../../../db/at_once';
import { enterTenant } from '../../../db/enter_tenant';
import { stored } from '../../../db/stored_id';
import type { HookChain } from '../../hooks/hook_chain';
import { openChain } from '../../hooks/services/open_chain.service';
import { planChat } from '../../hooks/services/plan_chat.service';
import { tellObservers } from '../../hooks/services/tell_observers.service';
import { holdCounters } from '../../usage/counting_sql';
import type { PickedRun } from '../run_picker';
import { type AdmitTools, admitRun } from './admit_run.service';
import { assembleProductPrompt, type ProductTask } from './assemble_product_prompt.service';
import { assemblePrompt, type Prompt } from './assemble_prompt.service';
import { beginAttempt } from './begin_attempt.service';
import { finishRun } from './finish_run.service';
import { readChat } from './read_chat.service';
import { showInput } from './show_input.service';
import { showQuestion } from './show_question.service';

/** A run that so many workers did not survive is not given to another. */
const mostTakeovers = 4;

export type ClaimedRun = {
  tenantId: TenantId;
  runId: RichId<'run'>;
  chatSessionId: ChatSessionId;
  userId: UserId;
  classId: ClassId | null;
  toolVersionId: RichId<'toolversion'>;
  attempt: number;
  /** see the run's table */
  traceparent: string | null;
  /** since when it is tried, waits included */
  takenUpAt: number;
  /** the question */
  messageId: RichId<'message'>;
  prompt: Prompt;
  /** the modules that read along, and what they have said so far */
  hooks: HookChain;
  /** the longest answer; unset: the model's own limit */
  answerTokens?: number;
};

/** The same for a form: what its result is held to takes the place of the conversation. */
export type ClaimedProduct = Omit<ClaimedRun, 'chatSessionId' | 'messageId'> & {
  chatSessionId: null;
  product: ProductTask;
};

/**
 * Begins an attempt at a run that was leased: it is `processing` from here on. Where no module wants to read the
 * question first, it is shown to teachers; else `checkQuestion` does that.
 * @returns undefined when it ended meanwhile, or ends here: it was to be stopped, it has killed its workers, or it
 * may not be paid for; or when it is to wait
 */
export function claimRun(
  tools: AdmitTools,
  picked: PickedRun,
): Promise<ClaimedRun | ClaimedProduct | undefined> {
  const { db } = tools;
  const { tenantId, runId, chatSessionId, attempt } = picked;
  return enterTenant(db, tenantId, async () => {
    const run = await beginAttempt(db, picked);
    if (!run) {
      await db.runLeases.where({ ...stored({ tenantId, runId }), attempt }).delete();
      return undefined;
    }
    const { userId, classId, toolVersionId, traceparent, messageId, session } = run;
    const tell = () => tellObservers(db, 'run:complete', { tenantId, chatSessionId, runId, toolVersionId });
    if (picked.cancelled || picked.takeovers > mostTakeovers) {
      await finishRun(db, picked, picked.cancelled ? stopped : givenUp, tell);
      return undefined;
    }
    const { takenUpAt } = picked;
    const attempted = { tenantId, runId, userId, classId, toolVersionId, attempt, traceparent, takenUpAt };
    if (run.kind === 'product') {
      const plan = await planChat(db, attempted);
      const assembled = await assembleProductPrompt(db, { tenantId, runId, yaml: plan.yaml });
      if (assembled) {
        const own = { tenantId, chatSessionId: runId, userId, messageCount: 0 };
        const hooks = await openChain(tools, { session: own, plan, history: [] });
        if (!hooks.has('product:before_ai')) await showInput(db, { tenantId, runId });
        await holdCounters(db, tenantId, 'many');
        return admitRun(tools, { ...attempted, chatSessionId: null, ...assembled, hooks }, plan.modelLists);
      }
    }
    if (!messageId || !session) {
      // Left as it is it would be given out again and again.
      await finishRun(db, picked, unanswerable, tell);
      return undefined;
    }
    const read = await readChat(db, { ...attempted, ...session, answerSeq: run.answerSeq });
    const begunMessageId = run.continues ? run.answerMessageId : null;
    const prompt = assemblePrompt(read, { messageId, begunMessageId });
    const talk = { tenantId, userId, ...session };
    const hooks = await openChain(tools, {
      session: talk,
      plan: read.plan,
      history: toHistory(prompt.history),
    });
    const place = { tenantId, runId, chatSessionId: session.chatSessionId, messageId };
    const admitted = () => admitRun(tools, { ...attempted, ...place, prompt, hooks }, read.plan.modelLists);
    if (hooks.has('chat:before_ai')) return admitted();
    const [claimed] = await atOnce([admitted(), showQuestion(tools, { ...place, hooks })]);
    return claimed;
  });
}

const toHistory = (messages: Prompt['history']) =>
  messages.map(({ role, content }) => ({ role, text: content }));

const nothingCame = { text: '', meta: {}, firstTextAt: null };
const stopped = {
  ...nothingCame,
  status: 'cancelled',
  outcome: 'stopped',
  errorCode: null,
  errorMessage: null,
} as const;
const unanswerable = {
  ...nothingCame,
  status: 'failed',
  outcome: 'interrupted',
  errorCode: 'general',
  errorMessage: 'This tool has changed and cannot answer any more. Please tell your teacher.',
} as const;
const givenUp = {
  ...nothingCame,
  status: 'failed',
  outcome: 'interrupted',
  errorCode: 'general',
  errorMessage: 'The answer could not be written, also not when we tried again. Please ask in another way.',
} as const;
