import { abilityFor, may } from '@raptscallions/policies/ability';
import type { ChatSession } from '@raptscallions/zod-schemas/chat.zod';
import type { Replay, ReplayInputZod, ReplayStep } from '@raptscallions/zod-schemas/replay.zod';
import type { z } from 'zod';
import { stored, storedIds } from '../../../db/stored_id';
import { splitSystemPrompt } from '../../../lib/ai_gateway/prompt_sections';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';

/** Of two things of one moment the cause stands before what came of it. */
const order: ReplayStep['kind'][] = [
  'began',
  'question',
  'started',
  'verdict',
  'prompt',
  'first_word',
  'answer',
  'ended',
];

/**
 * A session as it happened: what was said, by which version of the tool and which model, what modules said to it, and
 * how long everything took. For the teachers of its class and the administrators above it, and for whoever tried
 * a tool, their own trial. A look at somebody else's is recorded in the same transaction, as one at a transcript.
 * @throws AppError NOT_FOUND also for a session the actor may not see so
 */
export async function replaySession(
  ctx: TenantContext,
  { chatSessionId, transcriptViewId }: z.output<typeof ReplayInputZod>,
): Promise<Replay> {
  const { db, tenantId, actor } = ctx;
  const key = stored({ tenantId, chatSessionId });
  const session = await db.chatSessions.findByOptional(key);
  if (!session) throw new AppError('NOT_FOUND');
  const { userId, classId, toolVersionId, assignmentId } = session;
  const version = await db.toolVersions.includeDeleted().findBy(stored({ tenantId, toolVersionId }));
  const group = classId ? await db.classes.includeDeleted().findBy(stored({ tenantId, classId })) : undefined;
  const groupId = group ? group.groupId : version.groupId;
  const ability = abilityFor(actor);
  if (!may(ability, 'read', 'Replay', { userId, classId, groupId })) throw new AppError('NOT_FOUND');
  if (userId !== actor.userId) {
    await db.transcriptViews
      .create({ tenantId, transcriptViewId, chatSessionId, viewerUserId: actor.userId, viewedAt: Date.now() })
      .onConflictDoNothing(['tenantId', 'transcriptViewId']);
  }
  const person = await db.users.includeDeleted().findBy(stored({ tenantId, userId }));
  const assignment = assignmentId
    ? await db.assignments.includeDeleted().findByOptional(stored({ tenantId, assignmentId }))
    : undefined;
  const steps = await readSteps(ctx, session, may(ability, 'read', 'RunPrompt', { groupId }));
  return {
    __type: 'Replay',
    chatSessionId,
    status: session.status,
    person: person.name,
    className: group?.name ?? null,
    assignment: assignment?.title ?? null,
    tool: version.name,
    version: version.version,
    publishedAt: version.publishedAt,
    mayReadOriginals: may(ability, 'read', 'RunOriginal', { groupId }),
    steps,
  };
}

type Session = Pick<ChatSession, 'chatSessionId' | 'userId' | 'createdAt' | 'completedAt'>;

async function readSteps(
  { db, tenantId, actor }: TenantContext,
  session: Session,
  mayReadPrompts: boolean,
): Promise<ReplayStep[]> {
  const key = stored({ tenantId, chatSessionId: session.chatSessionId });
  const own = session.userId === actor.userId;
  // What the modules have not passed is its author's alone, here as everywhere.
  const messages = (await db.messages.where(key)).filter((message) => own || message.shownToStaff);
  const runs = await db.runs.where(key);
  const ofRuns = { ...stored({ tenantId }), runId: { in: storedIds(runs.map(({ runId }) => runId)) } };
  const verdicts = await db.hookVerdicts.where(ofRuns);
  const prompts = await db.runPrompts.where(ofRuns);
  const answers = new Map(messages.map((message) => [message.messageId, message]));

  const steps: ReplayStep[] = [{ kind: 'began', at: session.createdAt }];
  for (const { role, runId, createdAt, seq, text, outcome, replacedAt } of messages) {
    if (role !== 'user') continue;
    const replaced = replacedAt !== null;
    steps.push({ kind: 'question', at: createdAt, runId, seq, text, outcome, replaced });
  }
  for (const { runId, attempt, createdAt, hook, module, version, outcome, calls, ms, reason } of verdicts) {
    if (!runId) continue;
    const said = { hook, module, version, outcome, calls, ms, reason };
    steps.push({ kind: 'verdict', at: createdAt, runId, attempt, ...said });
  }
  for (const { runId, attempt, createdAt, model, messages: sent } of prompts) {
    const [system, ...rest] = sent;
    const sections = mayReadPrompts && system ? splitSystemPrompt(system.content) : null;
    const history = Math.max(0, rest.length - 1);
    steps.push({ kind: 'prompt', at: createdAt, runId, attempt, model, sections, history });
  }
  for (const run of runs) {
    const { runId, createdAt, startedAt, firstTextAt, finishedAt, attempt } = run;
    if (startedAt !== null)
      steps.push({
        kind: 'started',
        at: startedAt,
        runId,
        waitedMs: startedAt - createdAt,
        attempts: attempt,
      });
    if (firstTextAt !== null)
      steps.push({ kind: 'first_word', at: firstTextAt, runId, afterMs: firstTextAt - createdAt });
    if (finishedAt === null) continue;
    const answer = run.answerMessageId ? answers.get(run.answerMessageId) : undefined;
    const { status, provider, model, promptTokens, completionTokens, errorCode, errorMessage } = run;
    steps.push({
      kind: 'answer',
      at: finishedAt,
      runId,
      seq: run.answerSeq,
      status,
      text: answer?.text ?? null,
      outcome: answer?.outcome ?? null,
      replaced: answer ? answer.replacedAt !== null : false,
      provider,
      model,
      promptTokens,
      completionTokens,
      tookMs: finishedAt - createdAt,
      errorCode,
      errorMessage,
    });
  }
  if (session.completedAt !== null) steps.push({ kind: 'ended', at: session.completedAt });
  return steps.sort((a, b) => a.at - b.at || order.indexOf(a.kind) - order.indexOf(b.kind));
}
