import type { ChatSession } from '@raptscallions/zod-schemas/chat.zod';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { buttonClass } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { formatDue } from '../../components/format_moment';
import { Icon } from '../../components/Icon';
import { IconButton } from '../../components/IconButton';
import { Menu, MenuItem, MenuLine } from '../../components/Menu';
import { useNow } from '../../components/use_now';
import type { ChatSetting } from './chat.queries';
import { Markdown } from './Markdown';
import { PastChatsDialog } from './PastChatsDialog';

/** What this chat is about, and what can be done with it as a whole. */
export function ChatHead({
  setting,
  session,
  onStartAgain,
  onPause,
  onFinish,
  onPutAway,
}: {
  setting: ChatSetting;
  /** null: nothing was said yet */
  session: ChatSession | null;
  onStartAgain: () => void;
  /** null: it is not going on */
  onPause: (() => void) | null;
  onFinish: () => void;
  onPutAway: () => void;
}) {
  const [dialog, setDialog] = useState<'instructions' | 'past' | null>(null);
  const now = useNow();
  const { assignment, toolVersion, setBy, sessions } = setting;
  const closed = session?.status === 'completed';
  return (
    <header className="chead">
      <Link aria-label="Back" className={buttonClass('quiet', false, 'icon only-s')} to="/">
        <Icon name="left" />
      </Link>
      <div className="grow">
        <h1>{assignment?.title ?? toolVersion.name}</h1>
        <p className="small soft">
          {assignment ? (
            <>
              <span className="hide-s">
                {toolVersion.name}
                {setBy && `, set by ${setBy}`}.{' '}
              </span>
              {assignment.dueAt === null ? 'No due date' : `Due ${formatDue(assignment.dueAt, now)}`}
            </>
          ) : (
            `Trial of version ${toolVersion.version}${toolVersion.status === 'draft' ? ', a draft' : ''}`
          )}
        </p>
      </div>
      {assignment?.instructions && (
        <IconButton
          className="hide-s"
          icon="file"
          label="Instructions"
          onClick={() => setDialog('instructions')}
        />
      )}
      {session && !closed && (
        <button className={buttonClass(undefined, false, 'hide-s')} onClick={onFinish} type="button">
          Finish
        </button>
      )}
      <Menu trigger={<IconButton icon="more" label="More" />}>
        {assignment?.instructions && (
          <MenuItem icon="file" onSelect={() => setDialog('instructions')}>
            Instructions
          </MenuItem>
        )}
        <MenuItem icon="history" onSelect={() => setDialog('past')}>
          Past chats
        </MenuItem>
        {session && (
          <>
            <MenuLine />
            <MenuItem icon="plus" onSelect={onStartAgain}>
              Start again
            </MenuItem>
            {onPause && (
              <MenuItem icon="pause" onSelect={onPause}>
                Pause this chat
              </MenuItem>
            )}
            {!closed && (
              <MenuItem icon="check" onSelect={onFinish}>
                Finish this chat
              </MenuItem>
            )}
            <MenuItem icon="archive" onSelect={onPutAway}>
              Put this chat away
            </MenuItem>
          </>
        )}
      </Menu>
      <Dialog onClose={() => setDialog(null)} open={dialog === 'instructions'} title="Instructions">
        <div className="dialog-body msg">
          <div className="body">
            <Markdown text={assignment?.instructions ?? ''} />
          </div>
        </div>
      </Dialog>
      <PastChatsDialog
        current={session?.chatSessionId ?? null}
        onClose={() => setDialog(null)}
        open={dialog === 'past'}
        sessions={sessions}
      />
    </header>
  );
}
