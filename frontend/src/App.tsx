import { RouterProvider } from '@tanstack/react-router';
import { type RefObject, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { type Account, currentAccount, subscribeAccount } from './api/auth';
import { Mascot } from './components/Mascot';
import { Toaster } from './components/Toaster';
import { edits } from './edits';
import { openLocalDb } from './local_db/local_db';
import { LocalDbContext } from './local_db/local_db_context';
import { Arrival } from './modules/auth/Arrival';
import { AccountContext, type AccountState } from './modules/auth/account_context';
import { router } from './router';
import { browserSurroundings } from './sync/browser_surroundings';
import { canKeep, leaveDevice } from './sync/leave_device';
import { SyncContext } from './sync/sync_context';
import { SyncEngine } from './sync/sync_engine';

/** The app of whoever is signed in on this device, or the door. */
export function App() {
  const current = useSyncExternalStore(subscribeAccount, currentAccount);
  const [account, setAccount] = useState(current);
  const leaving = useRef(false);
  useEffect(() => {
    if (current) setAccount(current);
    // signed out in another tab: a fresh page, so that nothing of the person stays in memory
    else if (account && !leaving.current) toTheDoor();
  }, [current, account]);
  return (
    <>
      {account ? (
        <Arrival key={account.userId} account={account}>
          <SignedIn account={account} leaving={leaving} />
        </Arrival>
      ) : (
        <RouterProvider router={router} />
      )}
      <Toaster />
    </>
  );
}

function toTheDoor(): void {
  window.location.replace('/sign-in');
}

/** Opens this person's database, syncs it, and gives both to the pages. */
function SignedIn({ account, leaving }: { account: Account; leaving: RefObject<boolean> }) {
  const [sync] = useState(
    () => new SyncEngine({ db: openLocalDb(account.userId), edits, surroundings: browserSurroundings }),
  );
  const [closed, setClosed] = useState(false);
  useEffect(() => {
    sync.start();
    // Somebody else has signed in: the database is put away, and nothing may open it again behind that.
    return () => void sync.stop().then(() => sync.db.close());
  }, [sync]);
  const state = useMemo<AccountState>(
    () => ({
      account,
      async leave(unsent) {
        if (unsent === 'keep' && !(await canKeep(sync.db))) return false;
        leaving.current = true;
        setClosed(true); // no page may read the database while it is taken away
        await leaveDevice(sync, unsent);
        toTheDoor();
        return true;
      },
    }),
    [account, sync, leaving],
  );
  if (closed) return <Leaving />;
  return (
    <AccountContext value={state}>
      <LocalDbContext value={sync.db}>
        <SyncContext value={sync}>
          <RouterProvider router={router} />
        </SyncContext>
      </LocalDbContext>
    </AccountContext>
  );
}

function Leaving() {
  return (
    <main className="empty leaving">
      <Mascot mood="asleep" size={88} />
      <h1>Signing out</h1>
    </main>
  );
}
