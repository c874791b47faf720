import type { SignInCard } from '@raptscallions/zod-schemas/auth.zod';
import { makePassword } from '@raptscallions/zod-schemas/make_password';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { type FormEvent, useEffect, useState } from 'react';
import { api } from '../../api/client';
import { ProofDeclined, withFreshSession } from '../../api/fresh_session';
import { readFailure } from '../../api/read_failure';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { Field } from '../../components/Field';
import { PrintedCards } from './PrintedCards';
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
  const [card, setCard] = useState<SignInCard | null>(null);
  const [password, setPassword] = useState(makePassword);
  const [given, setGiven] = useState(false);
  const [printing, setPrinting] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    let left = false;
    api.auth.showSignIn({ userId }).then(
      (answer) => !left && setCard(answer),
      (failure) => !left && setError(readFailure(failure)),
    );
    return () => {
      left = true;
    };
  }, [userId]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    if (password.length < 8) {
      setError('Take 8 characters or more.');
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await withFreshSession(() => api.auth.givePassword({ userId, password }));
      setGiven(true);
    } catch (failure) {
      if (!(failure instanceof ProofDeclined)) setError(readFailure(failure));
    }
    setBusy(false);
  }

  const { schoolCode = null, email = null, username = null } = card ?? {};
  const words = { schoolCode, email, username, password };
  return (
    <Dialog
      open
      onClose={onClose}
      title={
        given ? `${name} can sign in` : first ? `A first password for ${name}` : `A new password for ${name}`
      }
      description={
        given
          ? 'Write it down now: it is shown only here.'
          : first
            ? 'Close this to hand over a link instead: it stands under Sign-in links.'
            : 'The old one stops working at once, and every device is signed out.'
      }
    >
      {given ? (
        <>
          <div className="dialog-body">
            <SignInCardWords {...words} />
          </div>
          {printing && <PrintedCards cards={[{ ...words, name }]} onDone={() => setPrinting(false)} />}
          <div className="dialog-foot">
            <Button icon="file" onClick={() => setPrinting(true)}>
              Print
            </Button>
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
                    maxLength={128}
                    value={password}
                    onChange={(event) => setPassword(event.target.value)}
                  />
                  <Button look="quiet" small icon="refresh" onClick={() => setPassword(makePassword())}>
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
