import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { Account } from '../../api/auth';
import { api } from '../../api/client';
import { Button } from '../../components/Button';
import { countOf } from '../../components/count_of';
import { Mascot } from '../../components/Mascot';
import { arriveOnDevice, BoxShutError, discardBoxes } from '../../sync/arrive_on_device';
import { browserReserve } from '../../sync/browser_reserve';
import { NothingKept } from './NothingKept';

type State = 'arriving' | 'here' | 'nothing_kept' | BoxShutError;

/**
 * Shows the app of this person once the device is theirs: whoever was here before is put away, and what they
 * left here unsent lies where it was.
 */
export function Arrival({ account, children }: { account: Account; children: ReactNode }) {
  const { userId } = account;
  const [state, setState] = useState<State>('arriving');

  const arrive = useCallback(async () => {
    const fetchKey = async () => (await api.sync.sealKey()).key;
    try {
      await arriveOnDevice(userId, { fetchKey, reserve: browserReserve, now: Date.now() });
      setState('here');
    } catch (error) {
      setState(error instanceof BoxShutError ? error : 'nothing_kept');
    }
  }, [userId]);
  useEffect(() => void arrive(), [arrive]);

  if (state === 'here') return children;
  if (state === 'arriving') return null; // a few milliseconds, or one call where something waits
  if (state === 'nothing_kept') return <NothingKept />;
  return (
    <BoxShut
      box={state}
      name={account.name}
      onAgain={() => void arrive()}
      onDiscard={() => void discardBoxes(userId).then(arrive)}
    />
  );
}

function BoxShut({
  box: { edits, forGood },
  name,
  onAgain,
  onDiscard,
}: {
  box: BoxShutError;
  name: string;
  onAgain: () => void;
  onDiscard: () => void;
}) {
  const what = edits > 0 ? `${countOf(edits, 'change')} of yours` : 'Words you began to write';
  return (
    <main className="empty leaving" id="main">
      <Mascot mood="asleep" size={88} />
      <h1>
        {what} cannot be unlocked{forGood ? '' : ' yet'}
      </h1>
      <p className="soft">
        {forGood
          ? `${name} left them here unsent, locked with a key your school’s server no longer has. They cannot be read again.`
          : `${name} left them here unsent, locked. The key comes from your school’s server, which could not be reached just now.`}
      </p>
      <div className="row flex-wrap">
        <Button look="danger" icon="trash" onClick={onDiscard}>
          Go on without {edits === 1 ? 'it' : 'them'}
        </Button>
        {!forGood && (
          <Button look="primary" icon="refresh" onClick={onAgain}>
            Try again
          </Button>
        )}
      </div>
    </main>
  );
}
