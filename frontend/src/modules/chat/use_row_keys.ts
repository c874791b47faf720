import { type RefObject, useEffect } from 'react';
import { readLetterKey } from './read_letter_key';

/**
 * J and K move the focus through the rows of a list (`[data-row]`), N to the next one in need
 * (`[data-row="need"]`); Enter opens, since a row is a link. Nothing happens while somebody types.
 */
export function useRowKeys(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const key = readLetterKey(event);
      if (key !== 'j' && key !== 'k' && key !== 'n') return;
      const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
      const at = rows.findIndex((row) => row.contains(document.activeElement));
      const next =
        key === 'k'
          ? rows[at === -1 ? rows.length - 1 : Math.max(at - 1, 0)]
          : key === 'j'
            ? rows[Math.min(at + 1, rows.length - 1)]
            : (rows.find((row, place) => place > at && row.dataset.row === 'need') ??
              rows.find((row) => row.dataset.row === 'need'));
      if (!next) return;
      event.preventDefault();
      next.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [list]);
}
