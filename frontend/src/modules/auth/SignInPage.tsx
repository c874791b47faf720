import type { SignInPagePublic } from '@raptscallions/zod-schemas/me.zod';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useContext, useEffect, useId, useRef, useState } from 'react';
import { type DeviceContext, type SignInInput, signIn } from '../../api/auth';
import { api } from '../../api/client';
import { Avatar } from '../../components/Avatar';
import { Button } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { CodeField } from '../../components/CodeField';
import { Field } from '../../components/Field';
import { Icon } from '../../components/Icon';
import { Mascot } from '../../components/Mascot';
import { SyncContext } from '../../sync/sync_context';
import { DeviceQuestion } from './DeviceQuestion';
import { describeProviderError } from './describe_provider_error';
import { rememberDeviceKind } from './device_kind';
import { PasswordInput } from './PasswordInput';
import { ProviderButtons } from './ProviderButtons';
import { readSignInFailure, type SignInProblem } from './read_sign_in_failure';
import { rememberedSchoolCode, rememberSchoolCode } from './school_code';
import { useOnline } from './use_online';

/** The door. On a development server with the demo school it also lists whose shoes can be tried. */
export function SignInPage() {
  const sync = useContext(SyncContext); // there is one when a sign-in has ended and the device still has its rows
  const navigate = useNavigate();
  const { to = '/', error } = useSearch({ from: '/sign-in' });
  const online = useOnline();
  const [page, setPage] = useState<SignInPagePublic | null>(null);
  const [who, setWho] = useState('');
  const [schoolCode, setSchoolCode] = useState(rememberedSchoolCode);
  const [password, setPassword] = useState('');
  const [device, setDevice] = useState<DeviceContext>('unknown');
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<SignInProblem | null>(() => {
    const message = describeProviderError(error);
    return message === null ? null : { field: null, message };
  });
  const codeBox = useRef<HTMLInputElement>(null);
  const emailBox = useRef<HTMLInputElement>(null);
  const passwordBox = useRef<HTMLInputElement>(null);
  const demoHeading = useId();

  useEffect(() => {
    document.title = 'Sign in · Raptscallions';
  }, []);
  useEffect(() => {
    if (!online) return;
    let left = false;
    api.signInPage().then(
      (answer) => !left && setPage(answer),
      () => undefined, // the form works without the name of the school
    );
    return () => {
      left = true;
    };
  }, [online]);

  // After the page is drawn: the box of the school code may stand there only since the problem is known.
  useEffect(() => {
    if (problem?.field === 'email') emailBox.current?.focus();
    if (problem?.field === 'schoolCode') codeBox.current?.focus();
    if (problem?.field === 'password') passwordBox.current?.focus();
  }, [problem]);

  async function enter(by: SignInInput['by'], secret: string, deviceContext: DeviceContext) {
    setBusy('email' in by ? by.email : by.username);
    setProblem(null);
    try {
      rememberDeviceKind(deviceContext);
      await signIn({
        by,
        password: secret,
        rememberMe: deviceContext === 'personal',
        deviceContext,
      });
      if ('schoolCode' in by) rememberSchoolCode(by.schoolCode);
      sync?.resume();
      await navigate({ href: to, replace: true });
    } catch (failure) {
      const read = readSignInFailure(failure);
      setProblem(read);
      // Where there is one school only, the page knew its code when it was opened.
      if (read.field === 'schoolCode') setPage((known) => known && { ...known, schoolCode: null });
      setBusy(null);
    }
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    if (!who.trim()) {
      setProblem({ field: 'email', message: 'Type your school e-mail or your username first.' });
      return;
    }
    if (!password) {
      setProblem({ field: 'password', message: 'Type your password.' });
      return;
    }
    if (who.includes('@')) {
      void enter({ email: who.trim() }, password, device);
      return;
    }
    const code = page?.schoolCode ?? schoolCode.trim();
    if (!code) {
      setProblem({ field: 'schoolCode', message: 'Type the code of your school. Your teacher knows it.' });
      return;
    }
    void enter({ username: who.trim(), schoolCode: code }, password, device);
  }

  const demo = page?.demo ?? null;
  // Only a username needs it, and only where there are several schools.
  const asksCode = who.trim() !== '' && !who.includes('@') && page?.schoolCode == null;
  const errorAt = (field: SignInProblem['field']) => (problem?.field === field ? problem.message : null);
  return (
    <div className={demo ? 'gate' : 'gate alone'}>
      <main className="door" id="main">
        <span className="brand">
          <Mascot size={36} />
          Raptscallions
        </span>
        <div>
          <h1>Welcome back, rascal.</h1>
          <p className="soft">{page?.schoolName ?? 'Sign in with the account your school gave you.'}</p>
        </div>
        {!online && (
          <p className="banner wait" role="status">
            <Icon name="cloudoff" />
            <span>
              <b>You are offline.</b> Signing in needs the network once. This page notices when it is back.
            </span>
          </p>
        )}
        {problem?.field === null && (
          <p className="banner alert" role="alert">
            <Icon name="warn" />
            <span>{problem.message}</span>
          </p>
        )}
        <form className="stack gap-5" onSubmit={submit} noValidate>
          <CodeField
            label="School e-mail or username"
            error={errorAt('email')}
            ref={emailBox}
            autoComplete="username"
            maxLength={255}
            value={who}
            onChange={setWho}
          />
          {asksCode && (
            <CodeField
              label="School code"
              hint="On your sign-in card, or from your teacher."
              error={errorAt('schoolCode')}
              ref={codeBox}
              autoComplete="organization"
              maxLength={40}
              value={schoolCode}
              onChange={setSchoolCode}
            />
          )}
          <Field label="Password" error={errorAt('password')}>
            {(control) => (
              <PasswordInput
                control={control}
                ref={passwordBox}
                value={password}
                onChange={setPassword}
                autoComplete="current-password"
              />
            )}
          </Field>
          <DeviceQuestion value={device} onChange={setDevice} />
          <Button
            look="primary"
            type="submit"
            className="full"
            blockedBecause={online ? null : 'Signing in needs the network.'}
            aria-busy={busy !== null}
          >
            {busy === null ? 'Sign in' : 'Signing in'}
          </Button>
        </form>
        <ProviderButtons
          providers={page?.providers ?? []}
          device={device}
          to={to}
          blockedBecause={online ? null : 'Signing in needs the network.'}
          onFailure={(failure) => setProblem(readSignInFailure(failure))}
        />
        <p className="small soft">
          <Link to="/forgot">Forgot your password?</Link>
        </p>
      </main>
      {demo && (
        <aside className="demo" aria-labelledby={demoHeading}>
          <div className="banner warm">
            <Icon name="play" />
            <div>
              <b>First run: a demo school is loaded.</b> Schools, classes, people and a week of chats to look
              around in. Nobody in it is real.
            </div>
          </div>
          <div className="sec-head m-0">
            <h2 id={demoHeading}>Step into someone’s shoes</h2>
            <span className="end muted">
              Password for all: <code>{demo.password}</code>
            </span>
          </div>
          <ul className="list card">
            {demo.people.map((person) => (
              <li key={person.email}>
                <Avatar name={person.name} />
                <div className="grow">
                  <div className="row flex-wrap gap-y-0">
                    <b>{person.name}</b>
                    <Chip>{person.role}</Chip>
                  </div>
                  <p className="small soft">{person.note}</p>
                </div>
                <Button
                  small
                  aria-label={`Sign in as ${person.name}`}
                  blockedBecause={busy ? 'One sign-in at a time.' : null}
                  reasonId={busy ? demoHeading : undefined}
                  aria-busy={busy === person.email}
                  onClick={() => void enter({ email: person.email }, demo.password, 'personal')}
                >
                  Sign in
                </Button>
              </li>
            ))}
          </ul>
          {page?.aiProvider === 'practice' && (
            <p className="small soft note">
              <Icon name="chat" />
              <span>
                No AI key is set, so the built-in <b>practice model</b> answers. It is free, works without a
                network, and labels itself.
              </span>
            </p>
          )}
        </aside>
      )}
    </div>
  );
}
