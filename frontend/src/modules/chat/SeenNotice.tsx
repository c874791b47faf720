import { useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { Icon } from '../../components/Icon';
import { listNames } from './list_names';

/** Who reads along. It stands above the conversation and never scrolls away. */
export function SeenNotice({ teachers, trial }: { teachers: readonly string[]; trial: boolean }) {
  const [open, setOpen] = useState(false);
  if (trial) {
    return (
      <p className="seen">
        <Icon name="tool" />
        <span>
          <b>You are trying a tool.</b>
          <span className="hide-s"> No class sees this chat.</span>
        </span>
      </p>
    );
  }
  const names = listNames(teachers);
  return (
    <div className="seen">
      <Icon name="eye" />
      <p>
        <b>Your teacher can read this.</b>
        {names && <span className="hide-s"> {names} can; every look is recorded.</span>}
      </p>
      <button className="link" onClick={() => setOpen(true)} type="button">
        Who can see what?
      </button>
      <Dialog onClose={() => setOpen(false)} open={open} title="Who can see what?">
        <dl className="dialog-body sees">
          <div>
            <dt>You</dt>
            <dd>This chat, on every device you sign in on.</dd>
          </div>
          <div>
            <dt>{names || 'The teachers of your class'}</dt>
            <dd>
              Everything you write here and every answer, also while it is being written. Each time one of
              them opens it, that is recorded.
            </dd>
          </div>
          <div>
            <dt>Classmates and other teachers</dt>
            <dd>Nothing of it.</dd>
          </div>
          <div>
            <dt>What you have not sent</dt>
            <dd>Only you, on this device. That goes for drafts and for messages in line.</dd>
          </div>
          <div>
            <dt>If you put the chat away</dt>
            <dd>It leaves your list. Your teachers still have it, until your school deletes old chats.</dd>
          </div>
        </dl>
      </Dialog>
    </div>
  );
}
