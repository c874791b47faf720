import type { Group } from '@raptscallions/zod-schemas/group.zod';
import { plainSchoolCode } from '@raptscallions/zod-schemas/tenant.zod';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { ProofDeclined, withFreshSession } from '../../api/fresh_session';
import { readFailure } from '../../api/read_failure';
import { useAnswer } from '../../api/use_answer';
import { Button } from '../../components/Button';
import { CodeField } from '../../components/CodeField';
import { Dialog } from '../../components/Dialog';
import { toastNote } from '../../components/toast';

/** The code beside which user names count: people without an e-mail address type it when they sign in. */
export function SchoolCodeDialog({ group, onClose }: { group: Group; onClose: () => void }) {
  const { groupId } = group;
  const { state, reload } = useAnswer(() => api.tenants.readSchoolCode({ groupId }), groupId);
  const [written, setWritten] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const current = state.name === 'loaded' ? (state.data.schoolCode ?? '') : '';
  const shown = written ?? current;
  const plain = plainSchoolCode(shown);
  const blocked =
    state.name === 'loading'
      ? 'The code is being fetched.'
      : state.name === 'failed'
        ? 'First the code of now must be here.'
        : plain.length < 3
          ? 'Take 3 letters or digits at least.'
          : plain === current
            ? 'This is the code already.'
            : null;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy || blocked) return;
    setBusy(true);
    setError(null);
    try {
      await withFreshSession(() => api.tenants.setSchoolCode({ groupId, schoolCode: plain }));
      toastNote(`The school code is ${plain} now`, 'key');
      onClose();
    } catch (caught) {
      if (!(caught instanceof ProofDeclined)) setError(readFailure(caught));
      setBusy(false);
    }
  }

  return (
    <Dialog
      description="People without an e-mail address sign in with this code, their user name and their password."
      onClose={onClose}
      open
      title="School code"
    >
      <form className="contents" onSubmit={(event) => void submit(event)}>
        <div className="dialog-body">
          <CodeField
            error={state.name === 'failed' ? 'The code of now could not be fetched.' : error}
            hint={
              plain !== '' && plain !== shown
                ? `It will be kept as ${plain}.`
                : 'Small letters, digits and hyphens. Capitals do not matter when it is typed.'
            }
            label="Code"
            maxLength={40}
            onChange={setWritten}
            value={shown}
          />
          {state.name === 'failed' && (
            <p>
              <Button icon="refresh" onClick={() => void reload()} small>
                Fetch it again
              </Button>
            </p>
          )}
          <p className="small soft">
            A new code counts at once. Whoever types {current ? <b>{current}</b> : 'the old one'} is told that
            there is a new one, so give it to classes that sign in with user names. Printed sign-in cards show
            the old one.
          </p>
        </div>
        <div className="dialog-foot">
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button aria-busy={busy} blockedBecause={blocked} look="primary" type="submit">
            Change it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
