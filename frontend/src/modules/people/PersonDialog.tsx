import { mayManageSignIn } from '@raptscallions/policies/sign_in';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { readKey, roleNames, statusNames } from '@raptscallions/zod-schemas/role_names';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client';
import { ProofDeclined, withFreshSession } from '../../api/fresh_session';
import { readFailure } from '../../api/read_failure';
import { Button, buttonClass } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { Icon } from '../../components/Icon';
import { IconButton } from '../../components/IconButton';
import { saveFile } from '../../components/save_file';
import { toastNote, toastUndo } from '../../components/toast';
import { useEdit } from '../../sync/sync_context';
import { GivePasswordDialog } from '../auth/GivePasswordDialog';
import { useMe } from '../auth/me_context';
import { useTakeBack } from '../edits/use_take_back';
import type { AdminGroup } from './PeoplePage';
import type { Membership, Person } from './people.queries';
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
  const edit = useEdit();
  const takeBack = useTakeBack();
  const [failure, setFailure] = useState<string | null>(null);
  const [erasing, setErasing] = useState(false);
  const [typed, setTyped] = useState('');
  const [giving, setGiving] = useState(false);
  const { user, memberships } = person;
  const { userId, name, status } = user;
  const manages = mayManageSignIn(me.actor, { userId, groupRoles: memberships, classRoles: [] });
  const free = groups.filter(({ groupId }) => !memberships.some((each) => each.groupId === groupId));

  async function attempt(work: () => Promise<unknown>, done: string) {
    setFailure(null);
    try {
      await withFreshSession(work);
      toastNote(done);
      return true;
    } catch (caught) {
      if (!(caught instanceof ProofDeclined)) setFailure(readFailure(caught));
      return false;
    }
  }

  async function setRole({ groupMemberId, groupId }: Membership, value: string) {
    const role = readKey(roleNames, value);
    if (role) await edit('groups.setMember', { groupMemberId, groupId, userId, role });
  }

  async function remove({ groupMemberId, groupId, groupName, role }: Membership) {
    const args = { groupMemberId };
    await edit('groups.removeMember', args);
    toastUndo(`${name} taken out of ${groupName}`, 'users', () => {
      void takeBack({
        name: 'groups.removeMember',
        args,
        opposite: { name: 'groups.setMember', args: { groupMemberId, groupId, userId, role } },
      });
    });
  }

  async function exportAll() {
    await attempt(async () => {
      const all = await api.privacy.exportPerson({ userId });
      saveFile(`${name}.json`, 'application/json', JSON.stringify(all, null, 2));
    }, `Everything about ${name} is in the file`);
  }

  if (giving) return <GivePasswordDialog name={name} onClose={() => setGiving(false)} userId={userId} />;
  return (
    <Dialog
      description={`${person.email ?? person.username ?? 'No address'}. ${statusNames[status]}.`}
      onClose={onClose}
      open
      title={name}
    >
      <div className="dialog-body sections">
        {failure && (
          <p className="small tone-alert note" role="alert">
            <Icon name="warn" />
            <span>{failure}</span>
          </p>
        )}
        <section aria-label="Groups">
          <ul className="list card">
            {memberships.map((membership) => (
              <li key={membership.groupMemberId}>
                <b className="grow break">{membership.groupName}</b>
                <select
                  aria-label={`Role in ${membership.groupName}`}
                  className="input"
                  onChange={({ target }) => void setRole(membership, target.value)}
                  value={membership.role}
                >
                  {Object.entries(roleNames).map(([value, label]) => (
                    <option key={value} value={value}>
                      {label}
                    </option>
                  ))}
                </select>
                <IconButton
                  icon="x"
                  label={`Take out of ${membership.groupName}`}
                  onClick={() => void remove(membership)}
                />
              </li>
            ))}
          </ul>
          {free.length > 0 && (
            <select
              aria-label="Put into another group"
              className="input"
              onChange={({ target }) => {
                const groupId = free.find((group) => group.groupId === target.value)?.groupId;
                if (!groupId) return;
                const groupMemberId = newId('groupmember');
                void edit('groups.setMember', {
                  groupMemberId,
                  groupId,
                  userId,
                  role: memberships[0]?.role === 'teacher' ? 'teacher' : 'student',
                });
              }}
              value=""
            >
              <option value="">Put into another group …</option>
              {free.map((group) => (
                <option key={group.groupId} value={group.groupId}>
                  {group.name}
                </option>
              ))}
            </select>
          )}
        </section>
        {manages && (
          <section aria-label="Sign-in and privacy" className="row wrap">
            <Button
              icon="key"
              onClick={() =>
                void attempt(
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
                icon="lock"
                onClick={() => {
                  const next = status === 'suspended' ? 'active' : 'suspended';
                  void attempt(
                    () => api.auth.setStatus({ userId, status: next }),
                    next === 'active' ? `${name} may sign in again` : `${name} is signed out everywhere`,
                  );
                }}
              >
                {status === 'suspended' ? 'Let in again' : 'Suspend'}
              </Button>
            )}
            <Button icon="download" onClick={() => void exportAll()}>
              Export what is stored
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
              attempt(() => api.auth.setUsername({ userId, username }), `${name} signs in as ${username} now`)
            }
          />
        )}
        {erasing && (
          <section aria-label="Erase" className="card pad">
            <p>
              What {name} wrote, and what was stored about them, goes for good, on every device. What they
              made for others stays and is nobody’s. <b>This cannot be undone.</b> Export it first if anybody
              may ask for it.
            </p>
            <label className="stack">
              Type the name to confirm
              <input
                autoComplete="off"
                className="input"
                onChange={({ target }) => setTyped(target.value)}
                value={typed}
              />
            </label>
            <div className="row">
              <Button
                blockedBecause={typed.trim() === name ? null : 'Type the name exactly as it stands above.'}
                icon="trash"
                onClick={() =>
                  void attempt(
                    () => api.privacy.erasePerson({ userId }),
                    'Erased. The receipt is kept.',
                  ).then((done) => done && onClose())
                }
              >
                Erase for good
              </Button>
              <Button look="quiet" onClick={() => setErasing(false)}>
                Keep
              </Button>
            </div>
          </section>
        )}
      </div>
      <div className="dialog-foot">
        <Button onClick={onClose}>Done</Button>
      </div>
    </Dialog>
  );
}
