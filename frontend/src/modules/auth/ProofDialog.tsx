import { type FormEvent, useEffect, useRef, useState } from 'react';
import { api } from '../../api/client';
import { answerProofs } from '../../api/fresh_session';
import { readFailure } from '../../api/read_failure';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { Field } from '../../components/Field';
import { PasswordInput } from './PasswordInput';

/** Asks for the password once more before what must not be done from a browser somebody left open. */
export function ProofDialog() {
  const answer = useRef<((proven: boolean) => void) | null>(null);
  const [open, setOpen] = useState(false);
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  useEffect(
    () =>
      answerProofs(
        () =>
          new Promise((resolve) => {
            answer.current?.(false);
            answer.current = resolve;
            setOpen(true);
          }),
      ),
    [],
  );

  function close(proven: boolean) {
    setOpen(false);
    setPassword('');
    setError(null);
    setBusy(false);
    answer.current?.(proven);
    answer.current = null;
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    // The dialog stands over another form, whose submit this is not.
    event.stopPropagation();
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await api.auth.prove({ password });
      close(true);
    } catch (failure) {
      setError(readFailure(failure));
      setBusy(false);
    }
  }

  return (
    <Dialog
      open={open}
      onClose={() => close(false)}
      title="Is it still you?"
      description="This changes who gets in, and you signed in a while ago. Type your password to go on."
    >
      <form className="stack gap-5" onSubmit={submit} noValidate>
        <Field label="Your password" error={error}>
          {(control) => (
            <PasswordInput
              control={control}
              value={password}
              onChange={setPassword}
              autoComplete="current-password"
            />
          )}
        </Field>
        <div className="dialog-foot">
          <Button look="quiet" onClick={() => close(false)}>
            Not now
          </Button>
          <Button look="primary" type="submit" aria-busy={busy}>
            {busy ? 'One moment' : 'Go on'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
