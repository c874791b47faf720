import type { ReactNode } from 'react';
import type { PagesState } from '../api/use_pages';
import { Button } from './Button';
import { EmptyState } from './EmptyState';
import { Icon } from './Icon';
import { NotLoaded } from './NotLoaded';
import { SkeletonTable } from './Skeleton';

/** A list that is kept on the server, newest first, in whatever state it is. `children` draws what is here of it. */
export function PagedList<T>({
  fetching,
  pages: { state, reload },
  empty,
  children,
}: {
  /** what a screen reader hears until the first page is here */
  fetching: string;
  pages: { state: PagesState<T>; reload: () => void };
  empty: { title: string; words: ReactNode };
  children: (items: T[]) => ReactNode;
}) {
  switch (state.name) {
    case 'loading':
      return <SkeletonTable label={fetching} />;
    case 'failed':
      return (
        <NotLoaded onRetry={reload}>
          This list is kept on the server, which cannot be reached right now.
        </NotLoaded>
      );
    case 'loaded':
      return (
        <>
          {state.failed === 'reload' && (
            <NotReached onRetry={reload}>
              This list is as it was: the server cannot be reached right now.
            </NotReached>
          )}
          {state.items.length > 0 ? (
            children(state.items)
          ) : (
            <EmptyState level={2} title={empty.title}>
              {empty.words}
            </EmptyState>
          )}
          {state.loadMore && state.failed === 'more' && (
            <NotReached onRetry={state.loadMore}>
              The older ones are not here: the server cannot be reached right now.
            </NotReached>
          )}
          {state.loadMore && state.failed !== 'more' && (
            <p className="load-more">
              <Button onClick={state.loadMore}>Load older ones</Button>
            </p>
          )}
        </>
      );
  }
}

function NotReached({ children, onRetry }: { children: ReactNode; onRetry: () => void }) {
  return (
    <div className="banner wait my-4" role="status">
      <Icon name="cloudoff" />
      <span className="grow">{children}</span>
      <Button onClick={onRetry} small>
        Try again
      </Button>
    </div>
  );
}
