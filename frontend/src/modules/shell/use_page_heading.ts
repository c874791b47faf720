import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

/**
 * The heading of a page is its name: it becomes the title of the window, and after a change of page it takes
 * the focus, so that a screen reader says where one is. Headings arrive late (lazy code, rows from Dexie, and
 * the page before stays until then), hence the observer. A page that focuses something of its own, such as a
 * composer, keeps it.
 */
export function usePageHeading(): void {
  const pathname = useLocation({ select: (location) => location.pathname });
  const lastPath = useRef<string | null>(null);
  const lastHeading = useRef<Element | null>(null);

  useEffect(() => {
    let waiting = lastPath.current !== null && lastPath.current !== pathname;
    const left = waiting ? lastHeading.current : null;
    lastPath.current = pathname;
    const look = () => {
      const heading = document.querySelector<HTMLElement>('main h1');
      if (!heading) return;
      lastHeading.current = heading;
      const name = heading.textContent?.trim();
      const title = name ? `${name} · Raptscallions` : 'Raptscallions';
      if (document.title !== title) document.title = title;
      if (!waiting || heading === left) return;
      waiting = false;
      window.scrollTo(0, 0);
      if (document.activeElement?.closest('main, [role=dialog]')) return;
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    };
    look();
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true, subtree: true, characterData: true });
    return () => observer.disconnect();
  }, [pathname]);
}
