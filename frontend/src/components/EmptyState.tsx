import type { ReactNode } from 'react';
import { Mascot, type MascotMood } from './Mascot';

/** Nothing here yet: the scallion, one sentence and one next action. */
export function EmptyState({
  mood = 'plain',
  title,
  children,
  action,
}: {
  mood?: MascotMood;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="empty">
      <Mascot mood={mood} size={88} />
      <h3>{title}</h3>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}
