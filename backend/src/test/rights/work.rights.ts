import { type Ability, may } from '@raptscallions/policies/ability';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { Things } from '../build_mirror_school';
import { assigners, readersOfChat, restrictedTo } from './callers';
import type { Right } from './right';

const newTurn = () => ({
  messageId: newId('message'),
  runId: newId('run'),
  answerMessageId: newId('message'),
});

const yaml = 'name: Changed\nversion: 1.1.0\ntype: chat\nbehavior: Ask first.\n';

const mayChangeAssignment =
  (action: 'create' | 'update') =>
  (ability: Ability, { classId, groupId }: Things) =>
    may(ability, action, 'Assignment', { classId, groupId });

const mayReadRun = (ability: Ability, { classId, pupilId }: Things) =>
  may(ability, 'read', 'Run', { classId, userId: pupilId, hidden: false });

const mayChat =
  (action: 'read' | 'update') =>
  (ability: Ability, { classId, pupilId }: Things) =>
    may(ability, action, 'ChatSession', { classId, userId: pupilId, hiddenAt: null });

/** What teachers give out and pupils do: tools, assignments, chats, forms, answers. */
export const workRights: Record<string, Right> = {
  'tools.save': {
    input: ({ toolId, draftVersionId, groupId }) => ({
      toolId,
      toolVersionId: draftVersionId,
      groupId,
      yaml,
    }),
    ...restrictedTo(['teacher']),
    // Nobody's tool would be a new one, in a group that is not theirs.
    foreign: 'FORBIDDEN',
  },
  'tools.publish': {
    input: ({ toolId, draftVersionId }) => ({ toolId, toolVersionId: draftVersionId }),
    ...restrictedTo(['teacher']),
  },
  'tools.archive': { input: ({ toolId }) => ({ toolId, archived: true }), ...restrictedTo(['teacher']) },
  'assignments.create': {
    input: ({ classId, toolId, toolVersionId }) => ({
      assignmentId: newId('assignment'),
      classId,
      toolId,
      toolVersionId,
      title: 'Do this',
    }),
    own: { does: assigners, FORBIDDEN: ['pupil', 'otherTeacher'] },
    others: 'NOT_FOUND',
    foreign: 'NOT_FOUND',
    policy: mayChangeAssignment('create'),
  },
  'assignments.update': {
    input: ({ assignmentId }) => ({ assignmentId, title: 'Do that' }),
    ...restrictedTo(assigners),
    policy: mayChangeAssignment('update'),
  },
  'assignments.remove': {
    input: ({ assignmentId }) => ({ assignmentId, removed: true }),
    ...restrictedTo(assigners),
    policy: mayChangeAssignment('update'),
  },
  'chat.start': {
    input: ({ assignmentId, toolVersionId }) => ({
      chatSessionId: newId('chat'),
      assignmentId,
      toolVersionId,
    }),
    ...restrictedTo(readersOfChat),
  },
  'chat.send': {
    input: ({ chatSessionId }) => ({ chatSessionId, ...newTurn(), text: 'Why?' }),
    ...restrictedTo(['pupil']),
  },
  'chat.retry': { input: ({ failedRunId }) => ({ runId: failedRunId }), ...restrictedTo(['pupil']) },
  'chat.stop': { input: ({ waitingRunId }) => ({ runId: waitingRunId }), ...restrictedTo(['pupil']) },
  'chat.regenerate': {
    input: ({ answerId }) => ({
      answerMessageId: answerId,
      runId: newId('run'),
      newAnswerMessageId: newId('message'),
    }),
    ...restrictedTo(['pupil']),
  },
  'chat.continue': {
    input: ({ answerId }) => ({ answerMessageId: answerId, runId: newId('run') }),
    ...restrictedTo(['pupil']),
  },
  'chat.hide': {
    input: ({ chatSessionId }) => ({ chatSessionId, hidden: true }),
    ...restrictedTo(['pupil']),
  },
  'chat.pause': {
    input: ({ chatSessionId }) => ({ chatSessionId, paused: true }),
    ...restrictedTo(readersOfChat),
    policy: mayChat('update'),
  },
  'chat.complete': {
    input: ({ chatSessionId }) => ({ chatSessionId }),
    ...restrictedTo(readersOfChat),
    policy: mayChat('update'),
  },
  'chat.replay': {
    input: ({ chatSessionId }) => ({ transcriptViewId: newId('view'), chatSessionId }),
    ...restrictedTo(assigners),
    policy: (ability, { classId, pupilId, groupId }) =>
      may(ability, 'read', 'Replay', { userId: pupilId, classId, groupId }),
  },
  'chat.recordView': {
    input: ({ chatSessionId }) => ({ transcriptViewId: newId('view'), chatSessionId, viewedAt: 1 }),
    ...restrictedTo(readersOfChat),
    policy: mayChat('read'),
  },
  'hooks.acknowledge': {
    input: ({ noteId: messageNoteId }) => ({ messageNoteId }),
    ...restrictedTo(['teacher', 'coTeacher']),
    policy: (ability, { classId, pupilId }) =>
      may(ability, 'update', 'MessageNote', { classId, userId: pupilId }),
  },
  'products.run': {
    input: ({ formVersionId: toolVersionId, formAssignmentId: assignmentId }) => ({
      runId: newId('run'),
      assignmentId,
      toolVersionId,
      input: { topic: 'leaves' },
    }),
    ...restrictedTo(readersOfChat),
  },
  'products.retry': { input: ({ failedFormRunId: runId }) => ({ runId }), ...restrictedTo(['pupil']) },
  'products.stop': { input: ({ formRunId: runId }) => ({ runId }), ...restrictedTo(['pupil']) },
  'products.hide': { input: ({ formRunId: runId }) => ({ runId, hidden: true }), ...restrictedTo(['pupil']) },
  'products.recordView': {
    input: ({ formRunId: runId }) => ({ productViewId: newId('productview'), runId, viewedAt: 1 }),
    ...restrictedTo(readersOfChat),
    policy: (ability, { classId, pupilId }) =>
      may(ability, 'read', 'ProductResult', {
        classId,
        userId: pupilId,
        hiddenAt: null,
        shownToStaff: true,
      }),
  },
  'runs.watch': {
    input: ({ runId }) => ({ runId }),
    ...restrictedTo(readersOfChat),
    policy: mayReadRun,
    reads: true,
  },
};
