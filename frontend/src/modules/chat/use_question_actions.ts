import type { ChatSession, Message } from '@raptscallions/zod-schemas/chat.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { type RefObject, useMemo } from 'react';
import { toastNote } from '../../components/toast';
import { useEdit, useSync } from '../../sync/sync_context';
import type { AnswerActions } from './AnswerMessage';
import type { ComposerHandle } from './Composer';
import type { QuestionActions } from './QuestionMessage';

const onItsWay = 'It was on its way already, so it stays as it was written.';

/** What a pupil can do with the last answer. */
export function useAnswerActions(): AnswerActions {
  const edit = useEdit();
  return useMemo<AnswerActions>(
    () => ({
      regenerate: (answerMessageId: Message['messageId']) =>
        edit('chat.regenerate', {
          answerMessageId,
          runId: newId('run'),
          newAnswerMessageId: newId('message'),
        }),
      continue: (answerMessageId: Message['messageId']) =>
        edit('chat.continue', { answerMessageId, runId: newId('run') }),
    }),
    [edit],
  );
}

/** What a pupil can do with a message of their own. */
export function useQuestionActions(
  setEditing: (key: string | null) => void,
  composer: RefObject<ComposerHandle | null>,
  session: ChatSession | null,
  full: boolean,
): QuestionActions {
  const closed = session?.status === 'completed';
  const chatSessionId = session?.chatSessionId ?? null;
  const sync = useSync();
  const edit = useEdit();
  return useMemo<QuestionActions>(() => {
    const leaveEditing = () => {
      setEditing(null);
      composer.current?.focus();
    };
    return {
      closed,
      full,
      edit: setEditing,
      async writeAnew(replacesMessageId, text) {
        if (chatSessionId) {
          const ids = { messageId: newId('message'), runId: newId('run'), answerMessageId: newId('message') };
          await edit('chat.send', { chatSessionId, ...ids, text, replacesMessageId });
        }
        leaveEditing();
      },
      cancelEdit: leaveEditing,
      async replace(mid, args) {
        const replaced = await sync.replaceQueued(mid, args);
        leaveEditing();
        if (!replaced) toastNote(onItsWay, 'clock');
      },
      async removeQueued(mid) {
        const removed = await sync.removeQueued(mid);
        composer.current?.focus();
        if (!removed) toastNote(onItsWay, 'clock');
      },
      retry: (runId) => edit('chat.retry', { runId }),
      async resend(refusalId, args) {
        // Fresh ids: the server remembers the old ones as refused. The new message is stored before the
        // old one goes, so that the text stands somewhere at every moment.
        await edit('chat.send', {
          ...args,
          messageId: newId('message'),
          runId: newId('run'),
          answerMessageId: newId('message'),
        });
        await sync.discardRefusal(refusalId);
      },
      discard: (refusalId) => sync.discardRefusal(refusalId),
      rewrite: (text) => composer.current?.rewrite(text),
    };
  }, [sync, edit, setEditing, composer, closed, full, chatSessionId]);
}
