import { useState } from 'react';
import { Button } from '../../components/Button';
import { useAccount } from '../auth/account_context';
import { SignOutDialog } from '../auth/SignOutDialog';

/** Leaving: the rows of the account go with it, and what waits is asked about first. */
export function DeviceWayOut({ queued }: { queued: number }) {
  const { account, leave } = useAccount();
  const [asking, setAsking] = useState(false);
  return (
    <section className="card pad stack" aria-labelledby="out">
      <h2 id="out">Signed in as {account.name}</h2>
      <p className="small soft">
        Signing out empties this device of everything listed here. The server keeps it, and it comes back when
        you sign in again.
      </p>
      <Button icon="out" onClick={() => (queued > 0 ? setAsking(true) : void leave('keep'))}>
        Sign out and empty this device
      </Button>
      <p className="small muted">It asks first while something waits.</p>
      <SignOutDialog open={asking} onClose={() => setAsking(false)} />
    </section>
  );
}
