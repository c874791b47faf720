import { useEffect, useRef, useState } from 'react';
import type { ThreadItem } from './build_thread';

/** How much of an answer is read out unasked, characters. */
const spokenLength = 240;

/**
 * One sentence for the polite live region when an answer has come to its end. The text that streams is in no
 * live region: a screen reader would start over with every word.
 */
export function useAnswerAnnouncement(items: readonly ThreadItem[], name: string): string {
  const [sentence, setSentence] = useState('');
  const live = useRef(new Set<string>());
  useEffect(() => {
    for (const item of items) {
      if (item.kind !== 'answer') continue;
      if (item.live) {
        live.current.add(item.key);
      } else if (live.current.delete(item.key) && item.message) {
        const text = item.message.text
          .replace(/\$\$[^$]*\$\$|\$[^$\n]*\$/g, ' (formula) ')
          .replace(/[*_`#|]+|-{3,}/g, ' ')
          .replace(/\s+/g, ' ')
          .trim();
        const shown = text.length > spokenLength ? `${text.slice(0, spokenLength)} …` : text;
        setSentence(
          item.message.outcome === 'complete' ? `${name} answered: ${shown}` : `${name} stopped: ${shown}`,
        );
      }
    }
  }, [items, name]);
  return sentence;
}
