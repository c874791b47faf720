import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { enterAccount } from '../../api/auth';
import { Door } from './Door';

/** Where an identity provider sends the browser back to: the cookie is there, the app has yet to be told. */
export function SignedInPage() {
  const navigate = useNavigate();
  const { to = '/' } = useSearch({ from: '/signed-in' });
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let left = false;
    enterAccount().then(
      () => !left && void navigate({ href: to, replace: true }),
      () => !left && setFailed(true),
    );
    return () => {
      left = true;
    };
  }, [navigate, to]);
  if (!failed) return <Door title="One moment." documentTitle="Signing in" />;
  return (
    <Door
      title="Not quite."
      documentTitle="Signing in"
      problem="The sign-in did not reach this server. Try it again."
    >
      <Link to="/sign-in" className="btn primary">
        Back to sign-in
      </Link>
    </Door>
  );
}
