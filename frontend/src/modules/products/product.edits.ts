import { defineEdit, type Edit } from '../../sync/edit';

const runProduct = defineEdit('products.run', async (writer, args, actor) => {
  const [assignment, version] = await Promise.all([
    args.assignmentId ? writer.db.assignments.get(args.assignmentId) : undefined,
    writer.db.toolVersions.get(args.toolVersionId),
  ]);
  // Without the version nobody could say what was filled in; the server will refuse it too.
  if (!version) return;
  const { runId, toolVersionId } = args;
  const own = { runId, toolVersionId, userId: actor.userId, classId: assignment?.classId ?? null };
  const times = { createdAt: actor.now, updatedAt: actor.now };
  await writer.put('productResults', {
    ...own,
    assignmentId: args.assignmentId,
    toolId: version.toolId,
    input: args.input,
    output: null,
    provider: null,
    repaired: false,
    hiddenAt: null,
    ...times,
  });
  await writer.put('runs', {
    ...own,
    kind: 'product',
    chatSessionId: null,
    messageId: null,
    answerMessageId: null,
    status: 'pending',
    attempt: 0,
    continues: false,
    notice: null,
    errorCode: null,
    errorMessage: null,
    startedAt: null,
    finishedAt: null,
    ...times,
  });
});

const retryProduct = defineEdit('products.retry', async (writer, args) => {
  const run = await writer.db.runs.get(args.runId);
  // Laid over a server row that is under way again already, it must not put it back to waiting.
  if (!run || run.status === 'pending' || run.status === 'processing') return;
  await writer.update('runs', args.runId, { status: 'pending', errorCode: null, errorMessage: null });
});

const hideProduct = defineEdit('products.hide', async (writer, args, actor) => {
  await writer.update('productResults', args.runId, { hiddenAt: args.hidden ? actor.now : null });
});

/** Leaves nothing on this device: who opened what is kept by the server alone. */
const recordView = defineEdit('products.recordView', async () => {});

export const productEdits: Edit[] = [runProduct, retryProduct, hideProduct, recordView];
