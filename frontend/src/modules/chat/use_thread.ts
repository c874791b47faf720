import type { ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import { useLiveQuery } from 'dexie-react-hooks';
import { useMemo } from 'react';
import type { LocalDb } from '../../local_db/local_db';
import { useOutbox, useRefusals } from '../../sync/use_outbox';
import { useSyncStatus } from '../../sync/use_sync_status';
import { buildThread, isSendTo, type RefusedSend, type ThreadItem, type WaitingSend } from './build_thread';
import { readThread } from './chat.queries';

const none: ThreadItem[] = [];

/**
 * The conversation of a session with what waits on this device behind it; undefined while it is read.
 * No session: nothing was said yet. `withReplaced`: as a record, with what left the conversation.
 */
export function useThread(db: LocalDb, chatSessionId: ChatSessionId | null, withReplaced = false) {
  const outbox = useOutbox();
  const refusals = useRefusals();
  const status = useSyncStatus();
  const online = status.online && !status.signedOut;
  const rows = useLiveQuery(
    async () => (chatSessionId ? { chatSessionId, ...(await readThread(db, chatSessionId)) } : null),
    [db, chatSessionId],
  );
  const waiting = useMemo(
    () =>
      outbox.flatMap((entry): WaitingSend[] =>
        entry.name === 'chat.send' && isSendTo(chatSessionId, entry.args)
          ? [{ ...entry, args: entry.args }]
          : [],
      ),
    [outbox, chatSessionId],
  );
  const refused = useMemo(
    () =>
      refusals.flatMap((refusal): RefusedSend[] =>
        refusal.name === 'chat.send' && isSendTo(chatSessionId, refusal.args)
          ? [
              {
                refusalId: refusal.syncRefusalId,
                args: refusal.args,
                createdAt: refusal.createdAt,
                sentence: refusal.message,
              },
            ]
          : [],
      ),
    [refusals, chatSessionId],
  );
  const items = useMemo(() => {
    if (chatSessionId === null) return none;
    // The query still answers for the session before.
    if (rows?.chatSessionId !== chatSessionId) return undefined;
    const { messages, runs } = rows;
    return buildThread({ messages, runs, waiting, refused, online, withReplaced });
  }, [rows, waiting, refused, online, withReplaced, chatSessionId]);
  // A version that was replaced counts too: it was answered.
  const used = rows?.messages.filter((message) => message.role === 'user').length ?? 0;
  return { items, used, online, offlineSince: status.offlineSince, waiting: waiting.length };
}
