import { defineEdit, type Edit } from '../../sync/edit';
import { putBackRun, waitingRun } from '../runs/waiting_run';

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
    ...waitingRun,
    kind: 'product',
    chatSessionId: null,
    messageId: null,
    answerMessageId: null,
    ...times,
  });
});

const retryProduct = defineEdit('products.retry', (writer, { runId }) => putBackRun(writer, runId));

const hideProduct = defineEdit('products.hide', async (writer, args, actor) => {
  await writer.update('productResults', args.runId, { hiddenAt: args.hidden ? actor.now : null });
});

/** Leaves nothing on this device: who opened what is kept by the server alone. */
const recordView = defineEdit('products.recordView', async () => {});

export const productEdits: Edit[] = [runProduct, retryProduct, hideProduct, recordView];
