import { passwordLength } from '@raptscallions/zod-schemas/auth.zod';
import { makePassword } from '@raptscallions/zod-schemas/make_password';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { ProofDeclined, withFreshSession } from '../../api/fresh_session';
import { readFailure } from '../../api/read_failure';
import { useAnswer } from '../../api/use_answer';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { Field } from '../../components/Field';
import { Refusal } from '../../components/Refusal';
import { PrintedCards } from './PrintedCards';
import { passwordFlaw } from './password_rule';
import { SignInCardWords } from './SignInCardWords';

/** A new password for somebody, to be told or written down: it is shown here and nowhere else. */
export function GivePasswordDialog({
  userId,
  name,
  first,
  onClose,
}: {
  userId: UserId;
  name: string;
  /** they have none yet */
  first?: boolean;
  onClose: () => void;
}) {
  const { state, reload } = useAnswer(() => api.auth.showSignIn({ userId }), userId);
  const [password, setPassword] = useState(makePassword);
  /** the one the server has taken, whatever the box says since */
  const [given, setGiven] = useState<string | null>(null);
  const [printing, setPrinting] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    const flaw = passwordFlaw(password);
    if (flaw) {
      setError(flaw);
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await withFreshSession(() => api.auth.givePassword({ userId, password }));
      setGiven(password);
    } catch (failure) {
      if (!(failure instanceof ProofDeclined)) setError(readFailure(failure));
    }
    setBusy(false);
  }

  const words = given !== null && state.name === 'loaded' ? { ...state.data, name, password: given } : null;
  return (
    <Dialog
      open
      onClose={onClose}
      title={
        given !== null
          ? `${name} can sign in`
          : first
            ? `A first password for ${name}`
            : `A new password for ${name}`
      }
      description={
        given !== null
          ? 'Write it down now: it is shown only here.'
          : first
            ? 'Close this to hand over a link instead: it stands under Sign-in links.'
            : 'The old one stops working at once, and every device is signed out.'
      }
    >
      {given !== null ? (
        <>
          <div className="dialog-body">
            {words ? (
              <SignInCardWords {...words} />
            ) : (
              <>
                <p>
                  The password is <code>{given}</code>
                </p>
                {state.name === 'failed' ? (
                  <Refusal>{`What ${name} types beside it could not be fetched.`}</Refusal>
                ) : (
                  <p className="small soft">What {name} types beside it is being fetched.</p>
                )}
              </>
            )}
          </div>
          {printing && words && <PrintedCards cards={[words]} onDone={() => setPrinting(false)} />}
          <div className="dialog-foot">
            {words ? (
              <Button icon="file" onClick={() => setPrinting(true)}>
                Print
              </Button>
            ) : (
              <Button icon="refresh" onClick={() => void reload()}>
                Fetch it again
              </Button>
            )}
            <Button look="primary" onClick={onClose}>
              Done
            </Button>
          </div>
        </>
      ) : (
        <form className="contents" onSubmit={submit} noValidate>
          <div className="dialog-body">
            <Field
              label={first ? 'First password' : 'New password'}
              hint="Three words are easy to remember and hard to guess."
              error={error}
            >
              {(control) => (
                <div className="input-wrap">
                  <input
                    {...control}
                    className="input"
                    type="text"
                    autoComplete="off"
                    spellCheck={false}
                    maxLength={passwordLength.max}
                    readOnly={busy}
                    value={password}
                    onChange={(event) => setPassword(event.target.value)}
                  />
                  <Button
                    look="quiet"
                    small
                    icon="refresh"
                    onClick={() => !busy && setPassword(makePassword())}
                  >
                    Another
                  </Button>
                </div>
              )}
            </Field>
          </div>
          <div className="dialog-foot">
            <Button look="quiet" onClick={onClose}>
              Cancel
            </Button>
            <Button look="primary" type="submit" aria-busy={busy}>
              {busy ? 'One moment' : 'Give this password'}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
