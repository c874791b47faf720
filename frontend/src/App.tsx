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
import { NothingKept } from './modules/auth/NothingKept';
import { router } from './router';
import { browserSurroundings } from './sync/browser_surroundings';
import { CannotKeepError, leaveDevice, stepAway } from './sync/leave_device';
import { SyncContext } from './sync/sync_context';
import { SyncEngine } from './sync/sync_engine';

/** The app of whoever is signed in on this device, or the door. */
export function App() {
  const current = useSyncExternalStore(subscribeAccount, currentAccount);
  const [account, setAccount] = useState(current);
  const leaving = useRef(false);
  // Signed out in another tab, or somebody else has signed in: a fresh page, so that nothing of the person stays in
  // memory. What is left of this one is blank, since “back” may show a page as it was left.
  const over = account !== null && current?.userId !== account.userId;
  useEffect(() => {
    if (current && !over) setAccount(current);
    else if (over && !leaving.current) window.location.replace(current ? '/' : '/sign-in');
  }, [current, over]);
  if (over) return <Leaving />;
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

/** Opens this person's database, syncs it, and gives both to the pages. */
function SignedIn({ account, leaving }: { account: Account; leaving: RefObject<boolean> }) {
  const [sync] = useState(
    () => new SyncEngine({ db: openLocalDb(account.userId), edits, surroundings: browserSurroundings }),
  );
  const [closed, setClosed] = useState(false);
  const [nothingKept, setNothingKept] = useState(false);
  useEffect(() => {
    sync.start();
    sync.db.open().catch((error: unknown) => {
      // Closed: somebody signs out in another tab, and this page is about to go.
      if (!(error instanceof Error && error.name === 'DatabaseClosedError')) setNothingKept(true);
    });
    // Somebody else has signed in: the database is put away, and nothing may open it again behind that.
    return () => void sync.stop().then(() => sync.db.close());
  }, [sync]);
  const state = useMemo<AccountState>(() => {
    const begin = () => {
      leaving.current = true;
      setClosed(true);
    };
    return {
      account,
      async leave(unsent) {
        try {
          await leaveDevice(sync, unsent, begin);
        } catch (error) {
          if (error instanceof CannotKeepError) return false;
          throw error;
        }
        window.location.replace('/sign-in');
        return true;
      },
      async stepAway() {
        await stepAway(sync, begin);
        window.location.replace('/sign-in');
      },
    };
  }, [account, sync, leaving]);
  if (closed) return <Leaving />;
  if (nothingKept) return <NothingKept />;
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
