import type { ReactNode } from 'react';
import { Button } from '../../components/Button';
import { SkeletonList } from '../../components/Skeleton';

/** A part of the page of usage: its head, and what the server says, in whatever state that is. */
export function UsageCard({
  id,
  title,
  actions,
  state,
  reload,
  fetching,
  children,
}: {
  id: string;
  title: string;
  actions?: ReactNode;
  state: { name: 'loading' | 'failed' | 'loaded' };
  reload: () => void;
  /** what a screen reader hears until it is here */
  fetching: string;
  children: ReactNode;
}) {
  return (
    <section aria-labelledby={id} className="card pad">
      <div className="phead">
        <h2 className="grow" id={id}>
          {title}
        </h2>
        {actions}
      </div>
      {state.name === 'loading' && <SkeletonList label={fetching} />}
      {state.name === 'failed' && (
        <p>
          This is kept on the server, which cannot be reached right now.{' '}
          <Button onClick={reload} small>
            Try again
          </Button>
        </p>
      )}
      {children}
    </section>
  );
}
