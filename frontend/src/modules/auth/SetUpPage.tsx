import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { signIn } from '../../api/auth';
import { api } from '../../api/client';
import { readFailure } from '../../api/read_failure';
import { Button } from '../../components/Button';
import { TextField } from '../../components/TextField';
import { addressFlaw } from './address_flaw';
import { Door } from './Door';
import { passwordFlaw, passwordRule } from './password_rule';

const fields = [
  {
    name: 'schoolName',
    label: 'Name of your school or district',
    type: 'text',
    autoComplete: 'organization',
  },
  { name: 'name', label: 'Your name', type: 'text', autoComplete: 'name' },
  { name: 'email', label: 'Your e-mail', type: 'email', autoComplete: 'username' },
  {
    name: 'password',
    label: `A password, ${passwordRule}`,
    type: 'password',
    autoComplete: 'new-password',
  },
] as const;
type FieldName = (typeof fields)[number]['name'];
type Answers = Record<FieldName, string>;

function problemOf(name: FieldName, text: string): string | null {
  if (!text.trim()) return 'Fill this in.';
  if (name === 'password') return passwordFlaw(text);
  if (name === 'email') return addressFlaw(text);
  return null;
}

/** Where the link leads that a new server prints: its secret stands behind the #, which no server log sees. */
export function SetUpPage() {
  const navigate = useNavigate();
  const [answers, setAnswers] = useState<Answers>({ schoolName: '', name: '', email: '', password: '' });
  const [checked, setChecked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setChecked(true);
    if (busy || fields.some(({ name }) => problemOf(name, answers[name]))) return;
    setBusy(true);
    setProblem(null);
    try {
      await api.setUp({ token: location.hash.slice(1), ...answers });
      const { email, password } = answers;
      await signIn({ by: { email: email.trim() }, password, rememberMe: false, deviceContext: 'unknown' });
      await navigate({ to: '/', replace: true });
    } catch (failure) {
      setProblem(readFailure(failure));
      setBusy(false);
    }
  }

  return (
    <Door
      title="A new school."
      documentTitle="Set up"
      lead="You will be its first administrator. This page works once."
      problem={problem}
    >
      <form className="stack gap-5" onSubmit={submit} noValidate>
        {fields.map(({ name, label, type, autoComplete }) => (
          <TextField
            key={name}
            label={label}
            error={checked ? problemOf(name, answers[name]) : null}
            type={type}
            autoComplete={autoComplete}
            maxLength={name === 'email' ? 255 : 100}
            value={answers[name]}
            onChange={(text) => setAnswers({ ...answers, [name]: text })}
          />
        ))}
        <Button look="primary" type="submit" className="full" aria-busy={busy}>
          {busy ? 'Making the school' : 'Make the school'}
        </Button>
      </form>
    </Door>
  );
}
