import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { useSyncStatus } from '../../sync/use_sync_status';
import { useAccount } from './account_context';

/** Asked when somebody leaves while edits still wait here: nothing is thrown away by accident. */
export function SignOutDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { queued } = useSyncStatus();
  const { account, leave } = useAccount();
  const many = queued !== 1;
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={many ? `${queued} changes are not sent yet` : 'One change is not sent yet'}
      description={`Everything else on this device is emptied. What waits can stay here until ${account.name} signs in again, or go for good.`}
    >
      <div className="dialog-foot">
        <Button look="quiet" onClick={onClose}>
          Stay signed in
        </Button>
        <Button look="danger" icon="trash" onClick={() => void leave('discard')}>
          Throw {many ? 'them' : 'it'} away
        </Button>
        <Button look="primary" onClick={() => void leave('keep')}>
          Keep {many ? 'them' : 'it'} and sign out
        </Button>
      </div>
    </Dialog>
  );
}
