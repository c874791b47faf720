import { type ReactNode, useRef } from 'react';
import { useOverflow } from './use_overflow';

/** A table that scrolls sideways in itself when it is wider than the text. */
export function TableBox({ children }: { children: ReactNode }) {
  const box = useRef<HTMLElement>(null);
  const overflows = useOverflow(box);
  return (
    <section aria-label="Table" className="scroll-x" ref={box} tabIndex={overflows ? 0 : undefined}>
      <table>{children}</table>
    </section>
  );
}
