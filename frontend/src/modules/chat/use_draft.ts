import { useCallback, useEffect, useRef, useState } from 'react';
import type { LocalDb } from '../../local_db/local_db';

/** How long typing rests before the text goes to disk, ms. */
const restMs = 250;

/**
 * Text that survives a reload: kept in the browser's database under `key`. Words typed before what was
 * kept is known win over it. `failed`: this device would not keep it.
 */
export function useDraft(db: LocalDb, key: string) {
  const [text, setShown] = useState('');
  const [failed, setFailed] = useState(false);
  const latest = useRef('');
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const keep = useCallback(async () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    try {
      if (latest.current === '') await db.drafts.delete(key);
      else await db.drafts.put({ key, text: latest.current, updatedAt: Date.now() });
      setFailed(false);
    } catch {
      setFailed(true);
    }
  }, [db, key]);

  useEffect(() => {
    let current = true;
    latest.current = '';
    setShown('');
    const read = async () => {
      const draft = await db.drafts.get(key).catch(() => undefined);
      if (!current) return;
      if (draft && latest.current === '') {
        latest.current = draft.text;
        setShown(draft.text);
      }
    };
    void read();
    const flush = () => {
      if (timer.current !== undefined) void keep();
    };
    // A phone ends a hidden page without another word.
    document.addEventListener('visibilitychange', flush);
    return () => {
      current = false;
      document.removeEventListener('visibilitychange', flush);
      flush();
    };
  }, [db, key, keep]);

  const setText = useCallback(
    (next: string) => {
      latest.current = next;
      setShown(next);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void keep(), restMs);
    },
    [keep],
  );

  /** The text of this very moment, which may be newer than what was last drawn. */
  const read = useCallback(() => latest.current, []);

  /** Takes `sent` away once it is stored elsewhere; what was typed meanwhile stays. */
  const clearSent = useCallback(
    async (sent: string) => {
      const rest = latest.current.startsWith(sent) ? latest.current.slice(sent.length) : latest.current;
      latest.current = rest.trim() === '' ? '' : rest;
      setShown(latest.current);
      await keep();
    },
    [keep],
  );

  return { text, setText, clearSent, read, failed };
}
