import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { readFailure } from '../../api/read_failure';
import { Button } from '../../components/Button';
import { TextField } from '../../components/TextField';
import { addressFlaw } from './address_flaw';
import { Door } from './Door';

/** Asks for a mail with a link. It never says whether anybody has the address. */
export function ForgotPage() {
  const [email, setEmail] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [sent, setSent] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    const flaw = addressFlaw(email);
    if (flaw) {
      setError(flaw);
      return;
    }
    setBusy(true);
    setError(null);
    setProblem(null);
    try {
      await api.auth.requestReset({ email });
      setSent(true);
    } catch (failure) {
      setProblem(readFailure(failure));
    }
    setBusy(false);
  }

  if (sent) {
    return (
      <Door
        title="Look into your mail."
        lead={`If ${email.trim()} belongs to somebody here, a link is on its way. It works once, within an hour.`}
      >
        <p className="small soft">
          Nothing there after a few minutes? Look into the spam folder, or ask your school: not every school
          sends mail, and then somebody there has the link.
        </p>
        <Link to="/sign-in" className="btn">
          Back to sign-in
        </Link>
      </Door>
    );
  }
  return (
    <Door
      title="Forgot your password?"
      lead="Type your school e-mail, and we send you a link to choose a new one."
      problem={problem}
    >
      <form className="stack gap-5" onSubmit={submit} noValidate>
        <TextField
          label="School e-mail"
          error={error}
          type="email"
          autoComplete="username"
          maxLength={255}
          value={email}
          onChange={setEmail}
        />
        <Button look="primary" type="submit" className="full" aria-busy={busy}>
          {busy ? 'Sending' : 'Send me a link'}
        </Button>
      </form>
      <p className="small soft">
        You sign in by a username? Your teacher can give you a new password.{' '}
        <Link to="/sign-in">Back to sign-in</Link>
      </p>
    </Door>
  );
}
