import { newId } from '@raptscallions/zod-schemas/rich_id';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { ProofDeclined, withFreshSession } from '../../api/fresh_session';
import { readFailure } from '../../api/read_failure';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { Field } from '../../components/Field';
import { GroupField } from '../../components/GroupField';
import { TextField } from '../../components/TextField';
import { useMe } from '../auth/me_context';
import { type ConnectionDraft, ConnectionFields, connectionOf, emptyConnection } from './ConnectionFields';

/** A new source of files, under one of the groups the person administers. */
export function NewSourceDialog({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const navigate = useNavigate();
  const groups = me.groups
    .filter(({ groupId }) => me.actor.adminGroupIds.includes(groupId))
    .sort((a, b) => a.path.length - b.path.length || a.name.localeCompare(b.name));
  const [name, setName] = useState('');
  const [rootGroupId, setRootGroupId] = useState(groups[0]?.groupId ?? null);
  const [draft, setDraft] = useState<ConnectionDraft | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!rootGroupId || !name.trim()) return;
    const rosterSourceId = newId('rostersource');
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    try {
      const rest = draft ? { kind: 'rest' as const, ...connectionOf(draft) } : {};
      const source = { rosterSourceId, rootGroupId, name: name.trim(), timeZone, ...rest };
      await withFreshSession(() => api.rosters.createSource(source));
    } catch (error) {
      if (!(error instanceof ProofDeclined)) setRefusal(readFailure(error));
      return;
    }
    await navigate({ to: '/rosters/$rosterSourceId', params: { rosterSourceId } });
  }

  return (
    <Dialog onClose={onClose} open title="Add a source">
      <form className="contents" onSubmit={(event) => void submit(event)}>
        <div className="dialog-body">
          <TextField
            error={refusal}
            hint="What you call the system, for instance PowerSchool."
            label="Name"
            maxLength={100}
            onChange={setName}
            value={name}
          />
          <GroupField
            hint="Its schools will stand below this group."
            label="Belongs to"
            groups={groups}
            groupId={rootGroupId}
            onChange={setRootGroupId}
          />
          <Field label="How it comes">
            {(control) => (
              <select
                {...control}
                className="input"
                onChange={({ target }) => setDraft(target.value === 'rest' ? emptyConnection : null)}
                value={draft ? 'rest' : 'csv'}
              >
                <option value="csv">As files that are uploaded</option>
                <option value="rest">It is asked over the network</option>
              </select>
            )}
          </Field>
          {draft && <ConnectionFields draft={draft} hasSecret={false} onChange={setDraft} />}
        </div>
        <footer className="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button blockedBecause={name.trim() ? null : 'Give it a name.'} look="primary" type="submit">
            Add
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
