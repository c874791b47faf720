import type { ReactNode } from 'react';
import { Mascot, type MascotMood } from './Mascot';

/** Nothing here yet: the scallion, one sentence and one next action. */
export function EmptyState({
  mood = 'plain',
  title,
  children,
  action,
  level = 3,
}: {
  mood?: MascotMood;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** of the heading: 2 right below the page's, 1 when it is the page's */
  level?: 1 | 2 | 3;
}) {
  const Heading = `h${level}` as const;
  return (
    <div className="empty">
      <Mascot mood={mood} size={88} />
      <Heading>{title}</Heading>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}
