import type { GroupRole } from '@raptscallions/zod-schemas/group.zod';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { withFreshSession } from '../../api/fresh_session';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { Field } from '../../components/Field';
import { GroupField } from '../../components/GroupField';
import { Icon } from '../../components/Icon';
import { TextField } from '../../components/TextField';
import { toastNote } from '../../components/toast';
import { readFailure } from '../auth/read_failure';
import type { AdminGroup } from './PeoplePage';
import { readKey, roleNames } from './role_names';

/** A person who is to sign in: told by mail where there is a mail server, else by a link to hand over. */
export function InviteDialog({ groups, onClose }: { groups: AdminGroup[]; onClose: () => void }) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [groupId, setGroupId] = useState(
    groups.find(({ path }) => path.includes('.'))?.groupId ?? groups[0]?.groupId,
  );
  const [role, setRole] = useState<GroupRole>('teacher');
  const [failure, setFailure] = useState<string | null>(null);
  const [sending, setSending] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!groupId || !name.trim() || !email.includes('@')) return;
    setSending(true);
    setFailure(null);
    try {
      await withFreshSession(() =>
        api.auth.invite({ name: name.trim(), email: email.trim(), groupId, role }),
      );
      toastNote(`${name.trim()} is invited. Sign-in links shows what became of it.`);
      onClose();
    } catch (caught) {
      setFailure(readFailure(caught));
      setSending(false);
    }
  }

  return (
    <Dialog onClose={onClose} open title="Invite a person">
      <form className="contents" onSubmit={(event) => void submit(event)}>
        <div className="dialog-body">
          {failure && (
            <p className="small tone-alert note" role="alert">
              <Icon name="warn" />
              <span>{failure}</span>
            </p>
          )}
          <TextField label="Name" maxLength={100} onChange={setName} value={name} />
          <TextField
            hint="The invitation goes there, and it is what they sign in by."
            label="E-mail"
            maxLength={255}
            onChange={setEmail}
            type="email"
            value={email}
          />
          <GroupField label="School or group" groups={groups} groupId={groupId} onChange={setGroupId} />
          <Field label="Role">
            {(control) => (
              <select
                {...control}
                className="input"
                onChange={({ target }) => setRole(readKey(roleNames, target.value) ?? 'teacher')}
                value={role}
              >
                {Object.entries(roleNames).map(([value, label]) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <div className="dialog-foot">
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            blockedBecause={
              sending
                ? 'The invitation is on its way.'
                : !name.trim()
                  ? 'Say who it is.'
                  : !email.includes('@')
                    ? 'An invitation needs an e-mail address.'
                    : null
            }
            look="primary"
            type="submit"
          >
            Invite
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
