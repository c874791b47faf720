import type { ComponentProps, ReactNode } from 'react';
import { Button } from './Button';
import { EmptyState } from './EmptyState';

/** Stands in the place of what is kept on the server while it cannot be had; says why, and lets one try again. */
export function NotLoaded({
  children,
  level = 2,
  onRetry,
}: {
  children: ReactNode;
  level?: ComponentProps<typeof EmptyState>['level'];
  onRetry: () => void;
}) {
  return (
    <EmptyState action={<Button onClick={onRetry}>Try again</Button>} level={level} title="Not loaded">
      {children}
    </EmptyState>
  );
}
