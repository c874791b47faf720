import { emailInput, usernameInput } from '@raptscallions/zod-schemas/auth.zod';
import type { GroupRole } from '@raptscallions/zod-schemas/group.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { ProofDeclined, withFreshSession } from '../../api/fresh_session';
import { readFailure } from '../../api/read_failure';
import { Button } from '../../components/Button';
import { CodeField } from '../../components/CodeField';
import { Dialog } from '../../components/Dialog';
import { Field } from '../../components/Field';
import { GroupField } from '../../components/GroupField';
import { Refusal } from '../../components/Refusal';
import { TextField } from '../../components/TextField';
import { toastNote } from '../../components/toast';
import { GivePasswordDialog } from '../auth/GivePasswordDialog';
import type { AdminGroup } from './PeoplePage';
import { RoleSelect } from './RoleSelect';

/**
 * A person who is to sign in: told by mail where there is a mail server, else by a link to hand over. Somebody without
 * an address signs in by a user name, and gets a first password on the spot.
 */
export function InviteDialog({ groups, onClose }: { groups: AdminGroup[]; onClose: () => void }) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [username, setUsername] = useState('');
  const [added, setAdded] = useState<UserId | null>(null);
  const [groupId, setGroupId] = useState(
    groups.find(({ path }) => path.includes('.'))?.groupId ?? groups[0]?.groupId,
  );
  const [role, setRole] = useState<GroupRole>('teacher');
  const [failure, setFailure] = useState<string | null>(null);
  const [sending, setSending] = useState(false);

  const by = {
    email: email.trim() === '' ? undefined : email.trim(),
    username: username.trim() === '' ? undefined : username.trim(),
  };
  const problem = !name.trim()
    ? 'Say who it is.'
    : by.email !== undefined && !emailInput.safeParse(by.email).success
      ? 'Type an address like name@school.org, or leave it empty.'
      : by.username !== undefined && !usernameInput.safeParse(by.username).success
        ? (usernameInput.safeParse(by.username).error?.issues[0]?.message ?? null)
        : by.email === undefined && by.username === undefined
          ? 'Give an e-mail address or a user name: one of them is needed to sign in.'
          : null;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!groupId || problem || sending) return;
    setSending(true);
    setFailure(null);
    try {
      const { userId } = await withFreshSession(() =>
        api.auth.invite({ name: name.trim(), ...by, groupId, role }),
      );
      if (by.email === undefined) {
        setAdded(userId);
        return;
      }
      toastNote(`${name.trim()} is invited. Sign-in links shows what became of it.`);
      onClose();
    } catch (caught) {
      if (!(caught instanceof ProofDeclined)) setFailure(readFailure(caught));
      setSending(false);
    }
  }

  if (added) return <GivePasswordDialog first name={name.trim()} onClose={onClose} userId={added} />;
  return (
    <Dialog onClose={onClose} open title="Add a person">
      <form className="contents" onSubmit={(event) => void submit(event)}>
        <div className="dialog-body">
          <Refusal>{failure}</Refusal>
          <TextField label="Name" maxLength={100} onChange={setName} value={name} />
          <TextField
            hint="An invitation goes there. Leave it empty for somebody without one."
            label="E-mail"
            maxLength={255}
            onChange={setEmail}
            type="email"
            value={email}
          />
          <CodeField
            hint="To sign in without an address, such as ada.bell. They also need your school code."
            label="User name"
            maxLength={60}
            onChange={setUsername}
            value={username}
          />
          <GroupField label="School or group" groups={groups} groupId={groupId} onChange={setGroupId} />
          {groupId && (
            <Field label="Role">
              {(control) => <RoleSelect control={control} groupId={groupId} onChange={setRole} role={role} />}
            </Field>
          )}
        </div>
        <div className="dialog-foot">
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            blockedBecause={sending ? 'One moment: they are being added.' : problem}
            look="primary"
            type="submit"
          >
            {by.email === undefined ? 'Add' : 'Invite'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
