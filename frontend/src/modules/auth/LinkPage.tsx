import { closedLink, type SignInLinkPublic } from '@raptscallions/zod-schemas/auth.zod';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { type DeviceContext, signIn } from '../../api/auth';
import { api } from '../../api/client';
import { readFailure } from '../../api/read_failure';
import { Button } from '../../components/Button';
import { Field } from '../../components/Field';
import { DeviceQuestion } from './DeviceQuestion';
import { Door } from './Door';
import { rememberDeviceKind } from './device_kind';
import { PasswordInput } from './PasswordInput';
import { passwordFlaw, passwordRule } from './password_rule';

const closed = {
  used: {
    title: 'This link has done its work.',
    lead: 'It works once, and somebody has used it. If that was you, sign in. If not, ask for another.',
  },
  expired: {
    title: 'This link is too old.',
    lead: 'Its time is over, or a newer one was sent. The last mail counts.',
  },
  unknown: {
    title: 'This is not a whole link.',
    lead: 'A piece of it is missing. Copy it from the mail once more, from https to the last letter.',
  },
};

/** Where the links of our mails lead. Their secret stands behind the #, which no server log sees. */
export function LinkPage() {
  const [token] = useState(() => location.hash.slice(1));
  const [link, setLink] = useState<SignInLinkPublic | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const load = useCallback(() => {
    setProblem(null);
    if (token.length < 20) {
      setLink(closedLink('unknown'));
      return;
    }
    api.auth.readLink({ token }).then(setLink, (failure) => setProblem(readFailure(failure)));
  }, [token]);
  useEffect(load, [load]);

  if (!link) {
    return (
      <Door title="One moment." documentTitle="Your link" problem={problem}>
        {problem && <Button onClick={load}>Try again</Button>}
      </Door>
    );
  }
  if (link.state !== 'open') {
    const { title, lead } = closed[link.state];
    return (
      <Door title={title} documentTitle="Your link" lead={lead}>
        <div className="row">
          <Link to="/sign-in" className="btn primary">
            Sign in
          </Link>
          <Link to="/forgot" className="btn">
            Send me another link
          </Link>
        </div>
      </Door>
    );
  }
  if (link.purpose === 'verification') return <ConfirmAddress token={token} link={link} />;
  return <ChoosePassword token={token} link={link} />;
}

type OpenLink = { token: string; link: SignInLinkPublic };

function ChoosePassword({ token, link }: OpenLink) {
  const navigate = useNavigate();
  const [password, setPassword] = useState('');
  const [device, setDevice] = useState<DeviceContext>('unknown');
  const [error, setError] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

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
    setProblem(null);
    try {
      await api.auth.redeemLink({ token, password });
    } catch (failure) {
      setProblem(readFailure(failure));
      setBusy(false);
      return;
    }
    const { email, username, schoolCode } = link;
    const byName = username !== null && schoolCode !== null ? { username, schoolCode } : null;
    const by = email === null ? byName : { email };
    rememberDeviceKind(device);
    const rememberMe = device === 'personal';
    const entered =
      by !== null &&
      (await signIn({ by, password, rememberMe, deviceContext: device }).then(
        () => true,
        () => false, // the password is chosen all the same: the door is the way in
      ));
    await navigate({ to: entered ? '/' : '/sign-in', replace: true });
  }

  const first = link.purpose === 'invitation';
  return (
    <Door
      title={first ? `Welcome, ${link.name}.` : 'A new password.'}
      documentTitle={first ? 'Welcome' : 'A new password'}
      lead={
        first
          ? `${link.schoolName} has made an account for you. Choose a password, and you are in.`
          : `For ${link.name} at ${link.schoolName}. Every device that is signed in now will be signed out.`
      }
      problem={problem}
    >
      <form className="stack gap-5" onSubmit={submit} noValidate>
        {/* lets a password manager know whose password this is */}
        <input type="hidden" autoComplete="username" value={link.email ?? link.username ?? ''} readOnly />
        {link.email === null && link.username !== null && (
          <p className="banner">
            <span>
              From now on you sign in as <b>{link.username}</b>, at the school <b>{link.schoolCode}</b>.
            </span>
          </p>
        )}
        <Field
          label="Password"
          hint={`${passwordRule}. A few words are easier than many signs.`}
          error={error}
        >
          {(control) => (
            <PasswordInput
              control={control}
              value={password}
              onChange={setPassword}
              autoComplete="new-password"
            />
          )}
        </Field>
        <DeviceQuestion value={device} onChange={setDevice} />
        <Button look="primary" type="submit" className="full" aria-busy={busy}>
          {busy ? 'One moment' : 'Choose it and sign in'}
        </Button>
      </form>
    </Door>
  );
}

function ConfirmAddress({ token, link }: OpenLink) {
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function confirm() {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await api.auth.redeemLink({ token });
      setDone(true);
    } catch (failure) {
      setProblem(readFailure(failure));
    }
    setBusy(false);
  }

  if (done) {
    return (
      <Door
        title="That is your address now."
        documentTitle="Your address"
        lead={`You sign in by ${link.email}.`}
      >
        <Link to="/" className="btn primary">
          Go on
        </Link>
      </Door>
    );
  }
  return (
    <Door
      title="Is this your address?"
      documentTitle="Your address"
      lead={`${link.email}, for ${link.name} at ${link.schoolName}. Mails go there, and you sign in by it.`}
      problem={problem}
    >
      <Button look="primary" className="full" aria-busy={busy} onClick={() => void confirm()}>
        {busy ? 'One moment' : 'Yes, it is mine'}
      </Button>
    </Door>
  );
}
