import type { Session } from '@raptscallions/zod-schemas/auth.zod';
import { useState } from 'react';
import { api } from '../../api/client';
import { readFailure } from '../../api/read_failure';
import { usePages } from '../../api/use_pages';
import { Chip } from '../../components/Chip';
import { PagedList } from '../../components/PagedList';
import { toastRefused } from '../../components/toast';
import { describeDevice } from './describe_device';
import { SessionLine } from './SessionLine';

/** Every browser the person is signed in with, and the way to end each. */
export function SessionList() {
  const pages = usePages(api.auth.listSessions, {});
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
    pages.reload();
  }

  return (
    <PagedList
      empty={{ title: 'Signed in nowhere', words: 'No browser is signed in as you.' }}
      fetching="Your sign-ins are being fetched"
      pages={pages}
    >
      {(sessions) => (
        <ul className="list card">
          {sessions.map((session) => (
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
      )}
    </PagedList>
  );
}
