import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client';
import { ProofDeclined, withFreshSession } from '../../api/fresh_session';
import { readFailure } from '../../api/read_failure';
import { usePages } from '../../api/use_pages';
import { Button } from '../../components/Button';
import { PagedList } from '../../components/PagedList';
import { PageHead } from '../../components/PageHead';
import { toastNote, toastRefused } from '../../components/toast';
import { PersonFilter, usePerson } from '../people/PersonFilter';
import { describeDevice } from './describe_device';
import { SessionLine } from './SessionLine';

/**
 * Where the people one looks after are signed in, and the way to end it.
 * @param userId whose; everybody’s without
 */
export function SignInsPage({ userId }: { userId?: UserId }) {
  const navigate = useNavigate();
  const chosen = usePerson(userId);
  const person = chosen?.user;
  const pages = usePages(api.auth.listSignIns, { userId });
  const [ending, setEnding] = useState<string | null>(null);

  async function end(input: Parameters<typeof api.auth.endSignIns>[0], done: string) {
    if (ending) return;
    setEnding(input.authSessionId ?? 'all');
    try {
      await withFreshSession(() => api.auth.endSignIns(input));
      toastNote(done);
    } catch (failure) {
      if (!(failure instanceof ProofDeclined)) toastRefused(readFailure(failure));
    }
    setEnding(null);
    pages.reload();
  }

  return (
    <main className="main" id="main">
      <PageHead
        actions={
          <>
            {person && pages.state.name === 'loaded' && pages.state.items.length > 0 && (
              <Button
                aria-busy={ending === 'all'}
                icon="lock"
                onClick={() => void end({ userId: person.userId }, `${person.name} is signed out everywhere`)}
              >
                Sign out everywhere
              </Button>
            )}
            <Button icon="refresh" onClick={pages.reload}>
              Refresh
            </Button>
          </>
        }
        title={person ? `Where ${person.name} is signed in` : 'Sign-ins'}
      >
        Whoever is signed out can sign in again; suspend a person to keep them out. Your own stand in your
        account.
      </PageHead>
      <PersonFilter
        chosen={chosen}
        onChoose={(next) => void navigate({ to: '/sign-ins', search: { userId: next } })}
      />
      <PagedList
        empty={{
          title: 'Signed in nowhere',
          words: person
            ? `${person.name} is signed in on no device at the moment.`
            : 'Nobody you look after is signed in at the moment.',
        }}
        fetching="The sign-ins are being fetched"
        pages={pages}
      >
        {(items) => (
          <ul aria-label="Sign-ins" className="list card">
            {items.map((session) => {
              const { authSessionId, userId: whose, person: name } = session;
              const device = describeDevice(session.userAgent);
              return (
                <SessionLine
                  end={{
                    label: `Sign ${name} out of ${device}`,
                    busy: ending === authSessionId,
                    onPress: () => void end({ userId: whose, authSessionId }, `${name} is signed out there`),
                  }}
                  key={authSessionId}
                  session={session}
                  title={
                    <>
                      <b className="break">{name}</b> <span>{device}</span>
                    </>
                  }
                />
              );
            })}
          </ul>
        )}
      </PagedList>
    </main>
  );
}
