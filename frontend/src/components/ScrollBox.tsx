import { type ReactNode, useEffect, useRef, useState } from 'react';

/** A card that scrolls sideways in itself when its content is too wide, and only then takes the focus. */
export function ScrollBox({ label, children }: { label: string; children: ReactNode }) {
  const box = useRef<HTMLElement>(null);
  const [overflows, setOverflows] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setOverflows(element.scrollWidth > element.clientWidth + 1));
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, []);
  return (
    <section
      className="card scroll-x"
      ref={box}
      // a landmark only when there is something to scroll to: otherwise the heading above says it
      aria-label={overflows ? `${label}, scrolls sideways` : undefined}
      tabIndex={overflows ? 0 : undefined}
    >
      {children}
    </section>
  );
}
