import type { Session } from '@raptscallions/zod-schemas/auth.zod';
import { useState } from 'react';
import { api } from '../../api/client';
import { readFailure } from '../../api/read_failure';
import { Button } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { EmptyState } from '../../components/EmptyState';
import { SkeletonTable } from '../../components/Skeleton';
import { toastRefused } from '../../components/toast';
import { describeDevice } from './describe_device';
import { SessionLine } from './SessionLine';
import { useSessions } from './use_sessions';

/** Every browser the person is signed in with, and the way to end each. */
export function SessionList() {
  const { loaded, failed, reload, loadMore } = useSessions();
  const [ending, setEnding] = useState<string | null>(null);

  async function end(session: Session) {
    if (ending) return;
    setEnding(session.authSessionId);
    try {
      await api.auth.endSession({ authSessionId: session.authSessionId });
    } catch (failure) {
      toastRefused(readFailure(failure));
    }
    setEnding(null);
    reload();
  }

  if (failed && !loaded) {
    return (
      <EmptyState action={<Button onClick={reload}>Try again</Button>} title="Not loaded">
        This list is kept on the server, which cannot be reached right now.
      </EmptyState>
    );
  }
  if (!loaded) return <SkeletonTable label="Your sign-ins are being fetched" />;
  return (
    <>
      <ul className="list card">
        {loaded.sessions.map((session) => (
          <SessionLine
            end={
              session.current
                ? undefined
                : {
                    label: `Sign out ${describeDevice(session.userAgent)}`,
                    busy: ending === session.authSessionId,
                    onPress: () => void end(session),
                  }
            }
            key={session.authSessionId}
            session={session}
            title={
              <>
                <b>{describeDevice(session.userAgent)}</b>
                {session.current && <Chip tone="green">This one</Chip>}
              </>
            }
          />
        ))}
      </ul>
      {loaded.cursor !== null && <Button onClick={loadMore}>Load older ones</Button>}
    </>
  );
}
