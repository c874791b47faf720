import { Tooltip as Radix } from 'radix-ui';
import type { ReactElement } from 'react';

/** Repeats in words what its one child shows as a drawing; the child carries the accessible name itself. */
export function Tooltip({
  text,
  side,
  children,
}: {
  text: string;
  side?: 'top' | 'right' | 'bottom' | 'left';
  children: ReactElement;
}) {
  return (
    <Radix.Root delayDuration={400}>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="tooltip" side={side} sideOffset={6} collisionPadding={8}>
          {text}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
