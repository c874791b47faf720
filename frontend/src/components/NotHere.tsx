import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { buttonClass } from './Button';
import { EmptyState } from './EmptyState';

/** An address that leads to nothing this device may show; why, and the way back. */
export function NotHere({
  title,
  back,
  backLabel,
  children,
}: {
  title: string;
  back: '/' | '/classes' | '/tools' | '/device';
  backLabel: string;
  children: ReactNode;
}) {
  return (
    <main className="main" id="main">
      <div className="card">
        <EmptyState
          mood="asleep"
          level={1}
          title={title}
          action={
            <Link className={buttonClass('primary')} to={back}>
              {backLabel}
            </Link>
          }
        >
          {children}
        </EmptyState>
      </div>
    </main>
  );
}
