import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useOverflow } from './use_overflow';

/** How near to the end counts as reading the end, px. */
const nearPx = 64;
/** So long after one of these a list that moves up is moved by the reader. */
const gestureMs = 1_000;
const gestures = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const;

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
    let gestureAt = Number.NEGATIVE_INFINITY;
    let changed = false;
    const onGesture = () => {
      gestureAt = performance.now();
    };
    const onScroll = () => {
      const near = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < nearPx;
      // A list that becomes shorter for a moment, as when an answer takes the place of what announced it, is moved up
      // by the browser too; that is no wish to stay.
      const byReader = !changed || performance.now() - gestureAt < gestureMs;
      changed = false;
      if (near) stuck.current = true;
      else if (scroll.scrollTop < lastTop - 2) {
        if (byReader) stuck.current = false;
        else if (stuck.current) scroll.scrollTop = scroll.scrollHeight;
      }
      lastTop = scroll.scrollTop;
      setAtBottom(stuck.current || near);
    };
    // Heights change by text, by fonts and formulas that load late, and by the keyboard of a phone.
    const sizes = new ResizeObserver(() => {
      changed = true;
      if (stuck.current) scroll.scrollTop = scroll.scrollHeight;
      else onScroll();
    });
    const texts = new MutationObserver(() => {
      changed = true;
    });
    sizes.observe(content);
    sizes.observe(scroll);
    texts.observe(content, { childList: true, subtree: true, characterData: true });
    scroll.addEventListener('scroll', onScroll, { passive: true });
    for (const gesture of gestures) scroll.addEventListener(gesture, onGesture, { passive: true });
    return () => {
      sizes.disconnect();
      texts.disconnect();
      scroll.removeEventListener('scroll', onScroll);
      for (const gesture of gestures) scroll.removeEventListener(gesture, onGesture);
    };
  }, []);

  return { scrollRef, contentRef, overflows, atBottom, toBottom };
}
