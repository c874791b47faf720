import type { ChatSession } from '@raptscallions/zod-schemas/chat.zod';
import { Link } from '@tanstack/react-router';
import { countOf } from '../../components/count_of';
import { Dialog } from '../../components/Dialog';
import { formatWhen } from './format_when';

/** One's own earlier chats on the same topic, to read again. */
export function PastChatsDialog({
  open,
  onClose,
  sessions,
  current,
}: {
  open: boolean;
  onClose: () => void;
  sessions: readonly ChatSession[];
  /** the one on the page, which needs no link */
  current: ChatSession['chatSessionId'] | null;
}) {
  const past = sessions.filter((session) => session.chatSessionId !== current);
  const now = Date.now();
  return (
    <Dialog onClose={onClose} open={open} title="Past chats">
      <div className="dialog-body">
        {past.length === 0 ? (
          <p className="soft">
            None yet. When you start again, this chat moves here, and you can still read it.
          </p>
        ) : (
          <ul className="list card">
            {past.map((session) => (
              <li className="opens" key={session.chatSessionId}>
                <Link
                  className="who grow"
                  onClick={onClose}
                  params={{ chatSessionId: session.chatSessionId }}
                  to="/chats/$chatSessionId"
                >
                  {formatWhen(session.lastMessageAt ?? session.createdAt, now)}
                </Link>
                <span className="small soft">
                  {countOf(session.messageCount, 'message')}
                  {session.status === 'completed' ? ', finished' : ''}
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}
