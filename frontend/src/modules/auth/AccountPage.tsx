import { useLiveQuery } from 'dexie-react-hooks';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { api } from '../../api/client';
import { ProofDeclined, withFreshSession } from '../../api/fresh_session';
import { readFailure } from '../../api/read_failure';
import { Button } from '../../components/Button';
import { Field, type FieldControl } from '../../components/Field';
import { PageHead } from '../../components/PageHead';
import { useLocalDb } from '../../local_db/local_db_context';
import { useAccount } from './account_context';
import { addressFlaw } from './address_flaw';
import { PasswordInput } from './PasswordInput';
import { passwordFlaw, passwordRule } from './password_rule';
import { SessionList } from './SessionList';

/** By what one signs in, and where one is signed in. */
export function AccountPage() {
  const db = useLocalDb();
  const { account } = useAccount();
  const contact = useLiveQuery(() => db.userContacts.get(account.userId), [db, account.userId]);
  return (
    <main className="main" id="main">
      <PageHead title="Your account">
        {contact?.email ?? contact?.username ?? account.name}. Your name and your roles come from your school.
      </PageHead>
      <div className="two-col">
        <section className="stack" aria-labelledby="sessions">
          <h2 id="sessions">Where you are signed in</h2>
          <SessionList />
        </section>
        <div className="stack gap-5">
          <ChangeForm
            title="A new password"
            label="New password"
            button="Change it"
            hint={`${passwordRule}. Every other device is signed out.`}
            problemOf={passwordFlaw}
            send={(password) => api.auth.changePassword({ password })}
            done="Changed. Every other device is signed out."
            input={(control, value, onChange) => (
              <PasswordInput
                control={control}
                value={value}
                onChange={onChange}
                autoComplete="new-password"
              />
            )}
          />
          {contact?.email && (
            <ChangeForm
              title="A new address"
              label="New e-mail"
              button="Send a link there"
              hint={`Until you have used the link, ${contact.email} counts.`}
              problemOf={addressFlaw}
              send={(email) => api.auth.changeEmail({ email })}
              done="A link is on its way to that address. It works for a day."
              input={(control, value, onChange) => (
                <input
                  {...control}
                  className="input"
                  type="email"
                  autoComplete="email"
                  maxLength={255}
                  value={value}
                  onChange={(event) => onChange(event.target.value)}
                />
              )}
            />
          )}
        </div>
      </div>
    </main>
  );
}

type ChangeFormProps = {
  title: string;
  label: string;
  hint: string;
  button: string;
  done: string;
  problemOf: (text: string) => string | null;
  send: (text: string) => Promise<unknown>;
  input: (control: FieldControl, value: string, onChange: (value: string) => void) => ReactNode;
};

function ChangeForm({ title, label, hint, button, done, problemOf, send, input }: ChangeFormProps) {
  const headingId = useId();
  const [text, setText] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [state, setState] = useState<'idle' | 'busy' | 'done'>('idle');

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (state === 'busy') return;
    const problem = problemOf(text);
    setError(problem);
    if (problem) return;
    setState('busy');
    try {
      await withFreshSession(() => send(text));
      setText('');
      setState('done');
    } catch (failure) {
      setState('idle');
      if (!(failure instanceof ProofDeclined)) setError(readFailure(failure));
    }
  }

  return (
    <section className="card pad stack" aria-labelledby={headingId}>
      <h2 id={headingId}>{title}</h2>
      <form className="stack" onSubmit={submit} noValidate>
        <Field label={label} hint={hint} error={error}>
          {(control) => input(control, text, setText)}
        </Field>
        <div className="row">
          <Button type="submit" aria-busy={state === 'busy'}>
            {state === 'busy' ? 'One moment' : button}
          </Button>
        </div>
        <p className="small soft" role="status">
          {state === 'done' ? done : ''}
        </p>
      </form>
    </section>
  );
}
