import { newId } from '@raptscallions/zod-schemas/rich_id';
import { type RefObject, useMemo } from 'react';
import { toastNote } from '../../components/toast';
import { useEdit, useSync } from '../../sync/sync_context';
import type { ComposerHandle } from './Composer';
import type { QuestionActions } from './QuestionMessage';

const onItsWay = 'It was on its way already, so it stays as it was written.';

/** What a pupil can do with a message of their own. */
export function useQuestionActions(
  setEditing: (key: string | null) => void,
  composer: RefObject<ComposerHandle | null>,
  closed: boolean,
): QuestionActions {
  const sync = useSync();
  const edit = useEdit();
  return useMemo<QuestionActions>(() => {
    const leaveEditing = () => {
      setEditing(null);
      composer.current?.focus();
    };
    return {
      closed,
      edit: setEditing,
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
  }, [sync, edit, setEditing, composer, closed]);
}
