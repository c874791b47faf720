import { mayManageSignIn } from '@raptscallions/policies/sign_in';
import { statusNames } from '@raptscallions/zod-schemas/role_names';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client';
import { ProofDeclined, withFreshSession } from '../../api/fresh_session';
import { readFailure } from '../../api/read_failure';
import { Button, buttonClass } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { Icon } from '../../components/Icon';
import { Refusal } from '../../components/Refusal';
import { saveFile } from '../../components/save_file';
import { toastNote } from '../../components/toast';
import { GivePasswordDialog } from '../auth/GivePasswordDialog';
import { useMe } from '../auth/me_context';
import { EraseForm } from './EraseForm';
import { GroupsOfPerson } from './GroupsOfPerson';
import { MergeDialog } from './MergeDialog';
import type { AdminGroup } from './PeoplePage';
import type { Person } from './people.queries';
import { UsernameForm } from './UsernameForm';

/** One person: what they are where, whether they may sign in, what is stored about them. */
export function PersonDialog({
  person,
  groups,
  onClose,
}: {
  person: Person;
  groups: AdminGroup[];
  onClose: () => void;
}) {
  const me = useMe();
  const [failure, setFailure] = useState<string | null>(null);
  const [erasing, setErasing] = useState(false);
  /** what is being done: a second press would do it twice */
  const [busy, setBusy] = useState<string | null>(null);
  const [giving, setGiving] = useState(false);
  const [merging, setMerging] = useState(false);
  const { user, memberships } = person;
  const { userId, name, status } = user;
  const manages = mayManageSignIn(me.actor, { userId, groupRoles: memberships, classRoles: [] });

  async function attempt(what: string, work: () => Promise<unknown>, done: string): Promise<boolean> {
    if (busy) return false;
    setBusy(what);
    setFailure(null);
    try {
      await withFreshSession(work);
      toastNote(done);
      return true;
    } catch (caught) {
      if (!(caught instanceof ProofDeclined)) setFailure(readFailure(caught));
      return false;
    } finally {
      setBusy(null);
    }
  }

  async function exportAll() {
    const work = async () => {
      const all = await api.privacy.exportPerson({ userId });
      saveFile(`${name}.json`, 'application/json', JSON.stringify(all, null, 2));
    };
    await attempt('export', work, `Everything about ${name} is in the file`);
  }

  if (merging) return <MergeDialog onClose={() => setMerging(false)} person={person} />;
  if (giving) return <GivePasswordDialog name={name} onClose={() => setGiving(false)} userId={userId} />;
  return (
    <Dialog
      description={`${person.email ?? person.username ?? 'No address'}. ${statusNames[status]}.`}
      onClose={onClose}
      open
      title={name}
    >
      <div className="dialog-body sections">
        <Refusal>{failure}</Refusal>
        <GroupsOfPerson groups={groups} person={person} />
        {manages && (
          <section aria-label="Sign-in and privacy" className="row wrap">
            <Button
              aria-busy={busy === 'link'}
              icon="key"
              onClick={() =>
                void attempt(
                  'link',
                  () => api.auth.sendLink({ userId }),
                  `A sign-in link for ${name} is made. Sign-in links shows what became of it.`,
                )
              }
            >
              Send a sign-in link
            </Button>
            {status !== 'suspended' && (
              <Button icon="edit" onClick={() => setGiving(true)}>
                Give a password
              </Button>
            )}
            <Link className={buttonClass()} search={{ userId }} to="/sign-ins">
              <Icon name="device" />
              Where they are signed in
            </Link>
            {status !== 'pending_verification' && (
              <Button
                aria-busy={busy === 'status'}
                icon="lock"
                onClick={() => {
                  const next = status === 'suspended' ? 'active' : 'suspended';
                  void attempt(
                    'status',
                    () => api.auth.setStatus({ userId, status: next }),
                    next === 'active' ? `${name} may sign in again` : `${name} is signed out everywhere`,
                  );
                }}
              >
                {status === 'suspended' ? 'Let in again' : 'Suspend'}
              </Button>
            )}
            <Button aria-busy={busy === 'export'} icon="download" onClick={() => void exportAll()}>
              Export what is stored
            </Button>
            <Button icon="users" onClick={() => setMerging(true)}>
              Merge a duplicate …
            </Button>
            {!erasing && (
              <Button icon="trash" onClick={() => setErasing(true)}>
                Erase …
              </Button>
            )}
          </section>
        )}
        {manages && (
          <UsernameForm
            username={person.username}
            save={(username) =>
              attempt(
                'username',
                () => api.auth.setUsername({ userId, username }),
                `${name} signs in as ${username} now`,
              )
            }
          />
        )}
        {erasing && (
          <EraseForm
            busy={busy === 'erase'}
            name={name}
            onErase={() =>
              void attempt(
                'erase',
                () => api.privacy.erasePerson({ userId }),
                'Erased. The receipt is kept.',
              ).then((done) => done && onClose())
            }
            onKeep={() => setErasing(false)}
          />
        )}
      </div>
      <div className="dialog-foot">
        <Button onClick={onClose}>Done</Button>
      </div>
    </Dialog>
  );
}
