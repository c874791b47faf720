import { useLiveQuery } from 'dexie-react-hooks';
import { useState } from 'react';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { useLocalDb } from '../../local_db/local_db_context';
import { canKeep } from '../../sync/leave_device';
import { useSyncStatus } from '../../sync/use_sync_status';
import { useAccount } from './account_context';

/** Asked when somebody leaves while edits still wait here: nothing is thrown away by accident. */
export function SignOutDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const db = useLocalDb();
  const { queued } = useSyncStatus();
  const { account, leave } = useAccount();
  const [noRoom, setNoRoom] = useState(false);
  const keeps = useLiveQuery(() => canKeep(db), [db], true) && !noRoom;
  const many = queued !== 1;
  const them = many ? 'them' : 'it';
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={many ? `${queued} changes are not sent yet` : 'One change is not sent yet'}
      description={
        keeps
          ? `Everything else on this device is emptied. What waits can stay here, locked so that nobody else can read it, until ${account.name} signs in again. Or it goes for good.`
          : `Signing out empties this device. What waits cannot stay: ${noRoom ? 'there is no room left to lock it away' : 'this browser may not lock it here'}, and nobody else shall read it. Send it first, or let it go.`
      }
    >
      <div className="dialog-foot">
        <Button look="quiet" onClick={onClose}>
          Stay signed in
        </Button>
        <Button look="danger" icon="trash" onClick={() => void leave('discard')}>
          Throw {them} away
        </Button>
        {keeps && (
          <Button
            look="primary"
            icon="lock"
            onClick={() => void leave('keep').then((left) => setNoRoom(!left))}
          >
            Keep {them} and sign out
          </Button>
        )}
      </div>
    </Dialog>
  );
}
