import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { Avatar } from '../../components/Avatar';
import { Chip, type Tone } from '../../components/Chip';
import { countOf } from '../../components/count_of';
import { formatAgo } from '../../components/format_moment';
import type { IconName } from '../../components/Icon';
import { plainLine } from '../../components/plain_line';
import type { SessionEntry } from './chat.queries';
import type { SessionState } from './describe_session';

const chips: Record<SessionState, { tone?: Tone; icon: IconName; word: string }> = {
  failed: { tone: 'alert', icon: 'warn', word: 'Not answered' },
  writing: { tone: 'green', icon: 'live', word: 'Being answered' },
  active: { tone: 'green', icon: 'dot', word: 'Active' },
  paused: { tone: 'warm', icon: 'pause', word: 'Paused' },
  idle: { icon: 'moon', word: 'Idle' },
  completed: { icon: 'check', word: 'Finished' },
};

/** One session of a pupil: who, on what, how it stands, the last line, when. The whole row is the link. */
export const SessionRow = memo(function SessionRow({
  entry,
  state,
  now,
  showClass,
}: {
  entry: SessionEntry;
  state: SessionState;
  /** epoch ms */
  now: number;
  showClass: boolean;
}) {
  const { session, pupil, title, className, lastMessage } = entry;
  const chip = chips[state];
  return (
    <li>
      <Link
        className="session"
        data-row={state === 'failed' ? 'need' : ''}
        params={{ chatSessionId: session.chatSessionId }}
        to="/chats/$chatSessionId"
      >
        <Avatar name={pupil} />
        <span className="session-main">
          <b>{pupil}</b>
          <span className="small soft clip">
            {title}
            {showClass && className && `, ${className}`}
          </span>
        </span>
        <span className="session-last small soft">{lastLine(lastMessage)}</span>
        <span className="session-state">
          <Chip icon={chip.icon} tone={chip.tone}>
            {chip.word}
          </Chip>
        </span>
        <span className="session-when small muted">
          {formatAgo(session.lastMessageAt ?? session.createdAt, now)}
          <span className="block">{countOf(session.messageCount, 'message')}</span>
        </span>
      </Link>
    </li>
  );
});

function lastLine(message: SessionEntry['lastMessage']): string {
  if (!message) return 'Nothing written yet';
  const text = plainLine(message.text);
  return message.role === 'user' ? `“${text}”` : text;
}
