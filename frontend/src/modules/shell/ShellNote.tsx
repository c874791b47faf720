import { useLocation, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Button } from '../../components/Button';
import { countOf } from '../../components/count_of';
import { Icon, type IconName } from '../../components/Icon';
import { useSync } from '../../sync/sync_context';
import { useSyncStatus } from '../../sync/use_sync_status';
import { updateApp } from './update_app';

/** What stops everything that is written here from going out, until somebody does something about it. */
export function ShellNote() {
  const { signedOut, outdated, displaced, full } = useSyncStatus();
  if (full) return <FullNote />;
  if (signedOut) return <SignedOutNote />;
  if (displaced) return <DisplacedNote />;
  if (outdated) return <OutdatedNote />;
  return null;
}

function Note({ icon, action, children }: { icon: IconName; action: ReactNode; children: ReactNode }) {
  return (
    <div className="shell-note" role="alert">
      <Icon name={icon} />
      <span className="grow">{children}</span>
      {action}
    </div>
  );
}

/** The sign-in ended (time, or an administrator). Nothing here is lost, but nothing goes out either. */
function SignedOutNote() {
  const navigate = useNavigate();
  const to = useLocation({ select: (location) => location.href });
  const signIn = (
    <Button look="ink" small onClick={() => void navigate({ to: '/sign-in', search: { to } })}>
      Sign in again
    </Button>
  );
  return (
    <Note icon="lock" action={signIn}>
      <b>Your sign-in has ended.</b> What you wrote stays on this device and is sent once you are back.
    </Note>
  );
}

/** First of all notes: whatever the others promise to keep may find no room. */
function FullNote() {
  const sync = useSync();
  const [looked, setLooked] = useState(false);
  const look = (
    <Button look="ink" small onClick={() => void sync.lookForRoom().then(() => setLooked(true))}>
      {looked ? 'Still no room. Look again' : 'I made room'}
    </Button>
  );
  return (
    <Note icon="device" action={look}>
      <b>This device has no room left.</b> What you write is kept in a small reserve and sent as soon as it
      can be. Delete files or apps you do not need, or close private windows, before you write more.
    </Note>
  );
}

/** Another tab has loaded another version of the app, whose rows this page does not know how to read. */
function DisplacedNote() {
  return (
    <Note
      icon="refresh"
      action={
        <Button look="ink" small onClick={() => window.location.reload()}>
          Load this page again
        </Button>
      }
    >
      <b>Another tab runs a different version of this app.</b> What you wrote is kept and sent from there.
      Load this page again to go on here.
    </Note>
  );
}

/** The server has moved on, or not yet: both end by themselves, the first sooner with an update. */
function OutdatedNote() {
  const { queued } = useSyncStatus();
  const [updating, setUpdating] = useState(false);
  const update = (
    <Button
      look="ink"
      small
      onClick={() => {
        setUpdating(true);
        void updateApp();
      }}
    >
      {updating ? 'Updating' : 'Update now'}
    </Button>
  );
  return (
    <Note icon="refresh" action={update}>
      <b>This page and the server are of different versions.</b>{' '}
      {queued > 0
        ? `${countOf(queued, 'change')} of yours ${queued === 1 ? 'waits' : 'wait'} here and will be sent after the update.`
        : 'You can keep reading and writing; it is sent after the update.'}
    </Note>
  );
}
