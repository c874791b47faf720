import { editInputs } from '@raptscallions/zod-schemas/edit.zod';
import type { GroupId } from '@raptscallions/zod-schemas/group.zod';
import { useLiveQuery } from 'dexie-react-hooks';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useLocalDb } from '../../local_db/local_db_context';
import { useEdit, useSync } from '../../sync/sync_context';
import { isSendable } from './is_sendable';

type Target = { toolId: `tool-${string}`; toolVersionId: `toolversion-${string}`; groupId: GroupId | null };

/** `held`: the text has errors, so it is kept on this device and goes to the server when they are gone. */
export type DraftState = { text: string; savedAt: number | null; held: boolean; typing: boolean };

const pauseMs = 800;

/**
 * The text of a draft while somebody writes in it. Every pause stores it on this device; a text the server
 * would take is also sent as an edit. Typing ahead of the network replaces what still waits in the outbox,
 * so that an hour offline is one save and not hundreds.
 * @param stored the YAML of the synced row
 */
export function useToolDraft(target: Target | null, stored: string) {
  const db = useLocalDb();
  const sync = useSync();
  const edit = useEdit();
  const key = target ? `tool:${target.toolVersionId}` : null;
  const kept = useLiveQuery(async () => (key ? ((await db.drafts.get(key)) ?? null) : null), [db, key]);
  // both belong to one draft: the next one begins without them
  const [typedIn, setTyped] = useState<{ key: string; text: string } | null>(null);
  const [saved, setSaved] = useState<{ key: string; at: number } | null>(null);
  const typed = typedIn?.key === key ? typedIn.text : null;
  const savedAt = saved?.key === key ? saved.at : null;
  const [pending, setPending] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const unsaved = useRef<string | null>(null);
  const text = typed ?? kept?.text ?? stored;

  const save = useCallback(async () => {
    clearTimeout(timer.current);
    const yaml = unsaved.current;
    if (yaml === null || !target || !key || target.groupId === null) return;
    unsaved.current = null;
    if (isSendable(yaml)) {
      const { toolId, toolVersionId, groupId } = target;
      const args = { toolId, toolVersionId, groupId, yaml };
      const waiting = await db.outbox.toArray();
      const last = waiting.at(-1);
      // only the last entry may be replaced: anything after it may rely on the text as it was
      const replaced =
        last?.name === 'tools.save' &&
        editInputs['tools.save'].safeParse(last.args).data?.toolVersionId === toolVersionId &&
        (await sync.replaceQueued(last.mid, args));
      if (!replaced) await edit('tools.save', args);
      await db.drafts.delete(key);
    } else {
      await db.drafts.put({ key, text: yaml, updatedAt: Date.now() });
    }
    setSaved({ key, at: Date.now() });
    if (unsaved.current === null) setPending(false);
  }, [db, sync, edit, key, target]);

  useEffect(() => {
    // once what was typed is stored, the rows lead again, so that another device's save is seen here
    if (!pending && typed !== null && typed === (kept?.text ?? stored)) setTyped(null);
  }, [pending, typed, kept, stored]);

  const latestSave = useRef(save);
  latestSave.current = save;

  const change = useCallback(
    (next: string) => {
      if (!key) return;
      setTyped({ key, text: next });
      setPending(true);
      unsaved.current = next;
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void latestSave.current(), pauseMs);
    },
    [key],
  );

  useEffect(() => {
    // leaving the page or putting the tab away must not lose the last words
    const flush = () => void latestSave.current();
    const hidden = () => document.visibilityState === 'hidden' && flush();
    document.addEventListener('visibilitychange', hidden);
    window.addEventListener('pagehide', flush);
    return () => {
      document.removeEventListener('visibilitychange', hidden);
      window.removeEventListener('pagehide', flush);
      flush();
    };
  }, []);

  const state: DraftState = { text, savedAt, held: Boolean(kept), typing: pending };
  return { state, change, save, loading: key !== null && kept === undefined };
}
