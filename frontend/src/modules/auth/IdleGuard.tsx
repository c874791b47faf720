import { useEffect, useState } from 'react';
import { api } from '../../api/client';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { useAccount } from './account_context';
import { IdleWatch } from './idle_watch';

/**
 * On a device that others use too, whoever stops is signed out soon, after a minute in which they can say that
 * they are still there. What was not sent stays for them.
 */
export function IdleGuard({ idleMs }: { idleMs: number }) {
  const { account, stepAway } = useAccount();
  const [left, setLeft] = useState<number | null>(null);
  const [watch] = useState(
    () =>
      new IdleWatch({
        idleMs,
        storage: localStorage,
        now: Date.now,
        // The server hears of it too: reading and typing are no requests.
        alive: () => void api.me().catch(() => undefined),
      }),
  );
  useEffect(() => {
    const touch = () => watch.touch();
    const kinds = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
    for (const kind of kinds) window.addEventListener(kind, touch, { passive: true, capture: true });
    let leaving = false;
    const timer = setInterval(() => {
      const seconds = watch.secondsLeft();
      setLeft(seconds);
      if (seconds !== 0 || leaving) return;
      leaving = true;
      // What failed is tried again: nobody is here to see it.
      void stepAway().finally(() => {
        leaving = false;
      });
    }, 1_000);
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, touch, { capture: true });
      clearInterval(timer);
    };
  }, [watch, stepAway]);
  const stay = () => {
    watch.stay();
    setLeft(null);
  };
  return (
    <Dialog
      open={left !== null && left > 0}
      onClose={stay}
      title={`Still there, ${account.name}?`}
      description="Nobody has touched this shared device for a while. You are signed out so that nobody else works as you; what you wrote is kept."
    >
      <p className="idle-count" role="timer" aria-live="off">
        {left} {left === 1 ? 'second' : 'seconds'}
      </p>
      <div className="dialog-foot">
        <Button look="quiet" onClick={() => void stepAway()}>
          Sign out now
        </Button>
        <Button look="primary" onClick={stay}>
          I am still here
        </Button>
      </div>
    </Dialog>
  );
}
