import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useOverflow } from './use_overflow';

/** How near to the end counts as reading the end, px. */
const nearPx = 64;

/**
 * Keeps the end of a growing list in view while the reader is there, and leaves the reader alone who has
 * scrolled up. `listKey`: another list starts at its end again.
 */
export function useStickToBottom(listKey: string): {
  scrollRef: RefObject<HTMLDivElement | null>;
  contentRef: RefObject<HTMLDivElement | null>;
  /** there is something to scroll */
  overflows: boolean;
  atBottom: boolean;
  toBottom: () => void;
} {
  const scrollRef = useRef<HTMLDivElement>(null);
  const contentRef = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const shown = useRef<string | null>(null);
  const overflows = useOverflow(scrollRef);
  const [atBottom, setAtBottom] = useState(true);

  const toBottom = useCallback(() => {
    stuck.current = true;
    setAtBottom(true);
    scrollRef.current?.scrollTo({ top: scrollRef.current.scrollHeight });
  }, []);

  useLayoutEffect(() => {
    if (shown.current === listKey) return;
    shown.current = listKey;
    toBottom();
  }, [listKey, toBottom]);

  useEffect(() => {
    const scroll = scrollRef.current;
    const content = contentRef.current;
    if (!scroll || !content) return;
    let lastTop = scroll.scrollTop;
    const onScroll = () => {
      const near = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < nearPx;
      // Content that grows also moves the end away: only scrolling up is a wish to stay.
      if (near) stuck.current = true;
      else if (scroll.scrollTop < lastTop - 2) stuck.current = false;
      lastTop = scroll.scrollTop;
      setAtBottom(stuck.current || near);
    };
    // Heights change by text, by fonts and formulas that load late, and by the keyboard of a phone.
    const sizes = new ResizeObserver(() => {
      if (stuck.current) scroll.scrollTop = scroll.scrollHeight;
      else onScroll();
    });
    sizes.observe(content);
    sizes.observe(scroll);
    scroll.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      sizes.disconnect();
      scroll.removeEventListener('scroll', onScroll);
    };
  }, []);

  return { scrollRef, contentRef, overflows, atBottom, toBottom };
}
