import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Button, buttonClass } from '../../components/Button';
import { countOf } from '../../components/count_of';
import { formatAgo, formatDue } from '../../components/format_moment';
import { Icon } from '../../components/Icon';
import { useEdit } from '../../sync/sync_context';
import type { Need } from './home.queries';

/** One line of "Needs you": who, what, and the one thing to do about it. */
export function NeedRow({
  need,
  now,
  onAssign,
}: {
  need: Need;
  now: number;
  onAssign: (classId: ClassId) => void;
}) {
  switch (need.kind) {
    case 'noted':
      return <NotedRow need={need} now={now} />;
    case 'failed':
      return (
        <li>
          <span className="mark alert">
            <Icon name="warn" />
          </span>
          <div className="grow">
            <p>
              <Link className="who" to="/chats/$chatSessionId" params={need.session}>
                {need.pupil}
              </Link>{' '}
              <span className="soft">got no answer</span>
            </p>
            <p className="small soft">
              {need.className}, {formatAgo(need.at, now)}
              {need.reason ? `. ${need.reason}` : ''}
            </p>
          </div>
          <Link className={buttonClass(undefined, true)} to="/chats/$chatSessionId" params={need.session}>
            Open chat
          </Link>
        </li>
      );
    case 'due':
      return (
        <li>
          <span className="mark">
            <Icon name="task" />
          </span>
          <div className="grow">
            <p>
              <Link className="who" to="/classes/$classId" params={need}>
                {need.title}
              </Link>
            </p>
            <p className="small soft">
              {need.className}, due {formatDue(need.dueAt, now)}
            </p>
            <div className="row progress">
              <div
                className="stalk grow"
                role="img"
                aria-label={`${need.started} of ${need.pupils} have started`}
              >
                <span style={{ width: `${need.pupils > 0 ? (need.started / need.pupils) * 100 : 0}%` }} />
              </div>
              <span className="small" aria-hidden="true">
                {need.started} of {need.pupils} have started
              </span>
            </div>
          </div>
          <Link className={buttonClass(undefined, true)} to="/chats" search={{ classId: need.classId }}>
            Read
          </Link>
        </li>
      );
    case 'today':
      return (
        <li>
          <span className="mark green">
            <Icon name="chat" />
          </span>
          <div className="grow">
            <p>
              <Link className="who" to="/classes/$classId" params={need}>
                {need.className}
              </Link>{' '}
              <span className="soft">is writing: {countOf(need.chats, 'chat')} today</span>
            </p>
            <p className="small soft">
              Latest by {need.pupil}, {formatAgo(need.at, now)}
            </p>
          </div>
          <Link className={buttonClass(undefined, true)} to="/chats" search={{ classId: need.classId }}>
            See chats
          </Link>
        </li>
      );
    case 'unassigned':
      return (
        <li>
          <span className="mark">
            <Icon name="plus" />
          </span>
          <div className="grow">
            <p>
              <Link className="who" to="/classes/$classId" params={need}>
                {need.className}
              </Link>{' '}
              <span className="soft">has nothing to do yet</span>
            </p>
            <p className="small soft">Give it a tool and the pupils can start at once.</p>
          </div>
          <Button small onClick={() => onAssign(need.classId)}>
            Assign
          </Button>
        </li>
      );
  }
}

type Noted = Extract<Need, { kind: 'noted' }>;

function NotedRow({ need, now }: { need: Noted; now: number }) {
  const edit = useEdit();
  const { chat, form, pupil, className, notes } = need;
  // Only of the one that stands here: nobody has read the others yet. The next takes its place.
  const [{ messageNoteId, label, severity, createdAt }] = notes;
  return (
    <li>
      <span className={severity === 'alert' ? 'mark alert' : 'mark'}>
        <Icon name={severity === 'alert' ? 'warn' : 'flag'} />
      </span>
      <div className="grow">
        <p>
          {chat || form ? (
            <NotedLink className="who" need={need}>
              {pupil}
            </NotedLink>
          ) : (
            <span className="who">{pupil}</span>
          )}{' '}
          <span className="soft">{label}</span>
        </p>
        <p className="small soft">
          {className}, {formatAgo(createdAt, now)}
          {chat || form ? '' : ', in a form that was held back'}
          {notes.length > 1 ? `, and ${notes.length - 1} more in this ${chat ? 'chat' : 'form'}` : ''}
        </p>
      </div>
      <Button
        aria-label={`Seen: ${pupil}, ${label}`}
        icon="check"
        onClick={() => void edit('hooks.acknowledge', { messageNoteId })}
        small
      >
        Seen
      </Button>
      <NotedLink className={buttonClass(undefined, true)} need={need}>
        {chat ? 'Open chat' : 'Open result'}
      </NotedLink>
    </li>
  );
}

/** To where it was noted; nothing for a form that only its author has. */
function NotedLink({ need, className, children }: { need: Noted; className: string; children: ReactNode }) {
  const { chat, form } = need;
  if (chat)
    return (
      <Link className={className} params={chat} to="/chats/$chatSessionId">
        {children}
      </Link>
    );
  return (
    form && (
      <Link className={className} params={form} to="/results/$runId">
        {children}
      </Link>
    )
  );
}
