import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Avatar } from '../../components/Avatar';
import { buttonClass } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { countOf } from '../../components/count_of';
import { Icon } from '../../components/Icon';
import { IconButton } from '../../components/IconButton';
import { Menu, MenuItem } from '../../components/Menu';
import { Tooltip } from '../../components/Tooltip';
import { useEdit } from '../../sync/sync_context';
import type { TranscriptSetting } from './chat.queries';
import { formatWhen } from './format_when';
import { readLetterKey } from './read_letter_key';

type Neighbour = TranscriptSetting['neighbours'][number];

/** Whose chat, on what, since when; the way to the pupils before and after, and to paper. */
export function TranscriptHead({ setting, own }: { setting: TranscriptSetting; own: boolean }) {
  const { session, pupil, title, toolName, className, neighbours } = setting;
  const at = neighbours.findIndex((other) => other.chatSessionId === session.chatSessionId);
  const before = own ? undefined : neighbours[at - 1];
  const after = own ? undefined : neighbours[at + 1];
  useNeighbourKeys(before, after);
  const more = [toolName === title ? null : toolName, className].filter(Boolean).join(', ');
  return (
    <header className="chead">
      <Link
        aria-label={own ? 'Back' : 'Back to the chats'}
        className={buttonClass('quiet', false, 'icon')}
        to={own ? '/' : '/chats'}
      >
        <Icon name="left" />
      </Link>
      {!own && <Avatar name={pupil} />}
      <div className="grow">
        <h1>{own ? title : pupil}</h1>
        <p className="small soft">
          {own ? toolName : title}
          <span className="hide-s">
            {!own && more && `, ${more}`}
            {`. ${countOf(session.messageCount, 'message')} since `}
            {formatWhen(session.createdAt, Date.now())}
          </span>
        </p>
      </div>
      {own && session.status !== 'completed' && <GoOn session={session} />}
      {!own && session.status !== 'completed' && <Manage session={session} />}
      {session.status === 'completed' && (
        <span className="hide-s">
          <Chip icon="check">Finished</Chip>
        </span>
      )}
      {!own && neighbours.length > 1 && (
        <>
          <Step icon="left" label="Previous pupil" neighbour={before} shortcut="K" />
          <Step icon="right" label="Next pupil" neighbour={after} shortcut="J" />
        </>
      )}
      {!own && (
        <Tooltip text="Replay: how it happened, step by step">
          <Link
            aria-label="Replay"
            className={buttonClass(undefined, false, 'icon')}
            params={{ chatSessionId: session.chatSessionId }}
            to="/chats/$chatSessionId/replay"
          >
            <Icon name="history" />
          </Link>
        </Tooltip>
      )}
      <IconButton className="hide-s" icon="print" label="Print" onClick={() => window.print()} />
    </header>
  );
}

/** What a teacher can do with a pupil's chat. Stored here first, so it also works without the network. */
function Manage({ session }: { session: TranscriptSetting['session'] }) {
  const edit = useEdit();
  const { chatSessionId } = session;
  const paused = session.status === 'paused';
  return (
    <>
      {paused && (
        <Chip icon="pause" tone="warm">
          Paused
        </Chip>
      )}
      <Menu trigger={<IconButton icon="more" label="Manage this chat" />}>
        <MenuItem
          icon={paused ? 'play' : 'pause'}
          onSelect={() => void edit('chat.pause', { chatSessionId, paused: !paused })}
        >
          {paused ? 'Let it go on' : 'Pause this chat'}
        </MenuItem>
        <MenuItem icon="check" onSelect={() => void edit('chat.complete', { chatSessionId })}>
          End this chat
        </MenuItem>
      </Menu>
    </>
  );
}

/** The way back into one's own chat, to write on. */
function GoOn({ session }: { session: TranscriptSetting['session'] }) {
  const { assignmentId, toolVersionId } = session;
  return assignmentId ? (
    <Link className={buttonClass()} params={{ assignmentId }} to="/assignments/$assignmentId">
      Go on
    </Link>
  ) : (
    <Link className={buttonClass()} params={{ toolVersionId }} to="/try/$toolVersionId">
      Go on
    </Link>
  );
}

function Step({
  neighbour,
  label,
  icon,
  shortcut,
}: {
  /** undefined: there is none in this direction */
  neighbour: Neighbour | undefined;
  label: string;
  icon: 'left' | 'right';
  shortcut: string;
}) {
  if (!neighbour) {
    return (
      <button aria-disabled="true" aria-label={`${label}: there is none`} className="btn icon" type="button">
        <Icon name={icon} />
      </button>
    );
  }
  return (
    <Tooltip text={`${label}: ${neighbour.pupil} (${shortcut})`}>
      <Link
        aria-label={`${label}: ${neighbour.pupil}`}
        className={buttonClass(undefined, false, 'icon')}
        params={{ chatSessionId: neighbour.chatSessionId }}
        to="/chats/$chatSessionId"
      >
        <Icon name={icon} />
      </Link>
    </Tooltip>
  );
}

/** J opens the next pupil's chat, K the one before, as in the list. */
function useNeighbourKeys(before: Neighbour | undefined, after: Neighbour | undefined): void {
  const navigate = useNavigate();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const key = readLetterKey(event);
      const target = key === 'j' ? after : key === 'k' ? before : undefined;
      if (!target) return;
      event.preventDefault();
      void navigate({ to: '/chats/$chatSessionId', params: { chatSessionId: target.chatSessionId } });
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [before, after, navigate]);
}
