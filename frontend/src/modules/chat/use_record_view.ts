import type { ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { useEffect, useRef, useState } from 'react';
import { useEdit } from '../../sync/sync_context';

/** `recorded`: the view stands in this device's outbox at least, so it cannot be lost. */
export type ViewRecord = { state: 'pending' } | { state: 'recorded'; at: number } | { state: 'failed' };

/**
 * Records that a transcript was opened, once per opening, also while offline. Nothing of the transcript is
 * shown before that. `chatSessionId` null: nothing to record, as for one's own chat.
 */
export function useRecordView(chatSessionId: ChatSessionId | null): ViewRecord {
  const edit = useEdit();
  const opened = useRef<ChatSessionId | null>(null);
  const [record, setRecord] = useState<ViewRecord & { for: ChatSessionId | null }>({
    state: 'pending',
    for: null,
  });
  useEffect(() => {
    // React runs effects twice in development; that is still one opening.
    if (chatSessionId === null || opened.current === chatSessionId) return;
    opened.current = chatSessionId;
    const at = Date.now();
    const keep = async () => {
      try {
        await edit('chat.recordView', { transcriptViewId: newId('view'), chatSessionId, viewedAt: at });
        setRecord({ state: 'recorded', at, for: chatSessionId });
      } catch {
        setRecord({ state: 'failed', for: chatSessionId });
      }
    };
    void keep();
  }, [chatSessionId, edit]);
  return record.for === chatSessionId ? record : { state: 'pending' };
}
