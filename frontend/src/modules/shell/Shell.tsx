import { Outlet, useLocation, useMatches } from '@tanstack/react-router';
import { useLiveQuery } from 'dexie-react-hooks';
import { Tooltip } from 'radix-ui';
import { Suspense, useCallback, useEffect, useState } from 'react';
import { NotHere } from '../../components/NotHere';
import { SkeletonPage } from '../../components/Skeleton';
import { useLocalDb } from '../../local_db/local_db_context';
import { useSyncStatus } from '../../sync/use_sync_status';
import { useAccount } from '../auth/account_context';
import { isOwnDevice } from '../auth/device_kind';
import { IdleGuard } from '../auth/IdleGuard';
import { readMe } from '../auth/me.queries';
import { MeContext, useMe } from '../auth/me_context';
import { ProofDialog } from '../auth/ProofDialog';
import { NavLink } from './NavLink';
import { tabNavigation } from './navigation';
import { Palette } from './Palette';
import { ShellNote } from './ShellNote';
import { SideNav } from './SideNav';
import { TopBar } from './TopBar';
import { usePageHeading } from './use_page_heading';
import { useShortcuts } from './use_shortcuts';
import { useSyncToasts } from './use_sync_toasts';

/**
 * How a page stands in the shell. `page` scrolls with the window; `pane` is as high as the window and
 * scrolls inside; `chat` does too and has no tab bar on phones.
 */
export type PageLayout = 'page' | 'pane' | 'chat';

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    layout?: PageLayout;
  }
}

/** Everything around a page of a signed-in person. */
export function Shell() {
  const db = useLocalDb();
  const { account } = useAccount();
  const me = useLiveQuery(() => readMe(db, account.userId, account.name), [db, account.userId, account.name]);
  useEffect(() => {
    // pupils get larger controls and text; staff see more at once
    if (me?.known && me.role === 'student') document.documentElement.dataset.density = 'roomy';
    else delete document.documentElement.dataset.density;
  }, [me?.known, me?.role]);
  if (!me) return null; // a few milliseconds: one read of this device
  return (
    <MeContext value={me}>
      <Tooltip.Provider delayDuration={400}>
        <Frame />
      </Tooltip.Provider>
    </MeContext>
  );
}

function Frame() {
  const layout = useMatches({ select: (matches) => matches.at(-1)?.staticData.layout }) ?? 'page';
  const me = useMe();
  const [finding, setFinding] = useState(false);
  const openPalette = useCallback(() => setFinding(true), []);
  const closePalette = useCallback(() => setFinding(false), []);
  usePageHeading();
  useShortcuts(openPalette);
  useSyncToasts();
  const { signedOut, firstLoad, online } = useSyncStatus();
  const role = me.known ? me.role : null;
  const pathname = useLocation({ select: (location) => location.pathname });
  // without rows nobody knows who this is, and only these two pages have something to show
  const unknown = firstLoad && !me.known && pathname !== '/device' && pathname !== '/help';
  const { account, stepAway } = useAccount();
  useEffect(() => {
    // on a shared device the copy goes with the sign-in; what was not sent waits for the same person
    if (signedOut && !isOwnDevice()) void stepAway();
  }, [signedOut, stepAway]);
  const shell = [
    'shell',
    layout !== 'page' && 'fixed',
    layout === 'chat' && 'no-bar',
    role === 'student' && 'wide-side',
  ];
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <div className={shell.filter(Boolean).join(' ')}>
        <TopBar onFind={openPalette} />
        <ShellNote />
        <SideNav role={role} />
        {unknown && online ? (
          <SkeletonPage />
        ) : unknown ? (
          <NotHere title="This device is still asleep" back="/device" backLabel="What is on this device">
            Nothing was ever loaded here, and there is no network. It fills by itself as soon as there is one.
          </NotHere>
        ) : (
          <Suspense fallback={<SkeletonPage />}>
            <Outlet />
          </Suspense>
        )}
        <nav className="tabbar" aria-label="Main, short">
          {tabNavigation(role).map((item) => (
            <NavLink key={item.to} item={item} plain />
          ))}
        </nav>
      </div>
      <Palette open={finding} onClose={closePalette} />
      <ProofDialog />
      {account.idleMs !== null && <IdleGuard idleMs={account.idleMs} />}
    </>
  );
}
