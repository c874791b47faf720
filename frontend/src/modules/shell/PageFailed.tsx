import type { ErrorComponentProps } from '@tanstack/react-router';
import { Button } from '../../components/Button';
import { EmptyState } from '../../components/EmptyState';

/** A page that broke: what was written is safe, what went wrong in words, and the way on. */
export function PageFailed({ error, reset }: ErrorComponentProps) {
  const reason = error instanceof Error ? error.message : String(error);
  // a part of a version that the server no longer has: a fresh copy of the app has the new one
  const outdated = /import|fetch.*module|chunk/i.test(reason);
  return (
    <main className="main" id="main">
      <div className="card">
        <EmptyState
          level={1}
          title={outdated ? 'A part of the app is missing' : 'This page tripped over itself'}
          action={
            <Button look="primary" onClick={outdated ? () => window.location.reload() : reset}>
              {outdated ? 'Load the app again' : 'Show it again'}
            </Button>
          }
        >
          {outdated
            ? 'The app was renewed while this page was open. What you wrote is stored on this device.'
            : `What you wrote is stored on this device. The reason: ${reason}`}
        </EmptyState>
      </div>
    </main>
  );
}
