import { useState } from 'react';
import { Button } from '../../components/Button';
import { useAccount } from '../auth/account_context';
import { SignOutDialog } from '../auth/SignOutDialog';

/** A fresh copy, or leaving: the rows of the account go with it, and what waits is asked about first. */
export function DeviceWayOut({
  queued,
  online,
  busy,
  onRebuild,
}: {
  queued: number;
  online: boolean;
  busy: boolean;
  onRebuild: () => void;
}) {
  const { account, leave } = useAccount();
  const [asking, setAsking] = useState(false);
  return (
    <section className="card pad stack" aria-labelledby="out">
      <h2 id="out">If something looks wrong</h2>
      <p className="small soft">Rebuilding loads a fresh copy. What waits to be sent stays in line.</p>
      <Button
        icon="history"
        blockedBecause={
          busy ? 'It is under way.' : online ? null : 'This needs the server: wait for the network.'
        }
        onClick={onRebuild}
      >
        Rebuild from the server
      </Button>
      <p className="small soft">
        Signing out {account.name} empties this device of everything listed here. The server keeps it, and it
        comes back with the next sign-in.
      </p>
      <Button icon="out" onClick={() => (queued > 0 ? setAsking(true) : void leave('keep'))}>
        Sign out and empty this device
      </Button>
      <p className="small muted">It asks first while something waits.</p>
      <SignOutDialog open={asking} onClose={() => setAsking(false)} />
    </section>
  );
}
