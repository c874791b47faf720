import type { ErrorComponentProps } from '@tanstack/react-router';
import { Button } from '../../components/Button';
import { EmptyState } from '../../components/EmptyState';

/** A page that broke: what was written is safe, what went wrong in words, and the way on. */
export function PageFailed({ error, reset }: ErrorComponentProps) {
  // a part of a version that the server no longer has: a fresh copy of the app has the new one
  const outdated = /import|fetch.*module|chunk/i.test(error.message);
  return (
    <main className="main" id="main">
      <h1 className="sr">This page could not be shown</h1>
      <div className="card">
        <EmptyState
          title={outdated ? 'A part of the app is missing' : 'This page tripped over itself'}
          action={
            <Button look="primary" onClick={outdated ? () => window.location.reload() : reset}>
              {outdated ? 'Load the app again' : 'Show it again'}
            </Button>
          }
        >
          {outdated
            ? 'The app was renewed while this page was open. What you wrote is stored on this device.'
            : `What you wrote is stored on this device. The reason: ${error.message}`}
        </EmptyState>
      </div>
    </main>
  );
}
