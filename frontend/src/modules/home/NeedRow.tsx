import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Button, buttonClass } from '../../components/Button';
import { countOf } from '../../components/count_of';
import { formatAgo, formatDue } from '../../components/format_moment';
import { Icon, type IconName } from '../../components/Icon';
import { useEdit } from '../../sync/sync_context';
import { StartedBar } from '../assignments/StartedBar';
import type { Need } from './need.queries';

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
        <Row
          mark="alert"
          icon="warn"
          who={
            <Link className="who" to="/chats/$chatSessionId" params={need.session}>
              {need.pupil}
            </Link>
          }
          what="got no answer"
          small={`${need.className}, ${formatAgo(need.at, now)}${need.reason ? `. ${need.reason}` : ''}`}
        >
          <Link className={buttonClass(undefined, true)} to="/chats/$chatSessionId" params={need.session}>
            Open chat
          </Link>
        </Row>
      );
    case 'due':
      return (
        <Row
          icon="task"
          who={<ClassLink need={need}>{need.title}</ClassLink>}
          small={`${need.className}, due ${formatDue(need.dueAt, now)}`}
          below={<StartedBar started={need.started} pupils={need.pupils} />}
        >
          <ChatsLink need={need}>Read</ChatsLink>
        </Row>
      );
    case 'today':
      return (
        <Row
          mark="green"
          icon="chat"
          who={<ClassLink need={need}>{need.className}</ClassLink>}
          what={`is writing: ${countOf(need.chats, 'chat')} today`}
          small={`Latest by ${need.pupil}, ${formatAgo(need.at, now)}`}
        >
          <ChatsLink need={need}>See chats</ChatsLink>
        </Row>
      );
    case 'unassigned':
      return (
        <Row
          icon="plus"
          who={<ClassLink need={need}>{need.className}</ClassLink>}
          what="has nothing to do yet"
          small="Give it a tool and the pupils can start at once."
        >
          <Button small onClick={() => onAssign(need.classId)}>
            Assign
          </Button>
        </Row>
      );
  }
}

/** `children`: what can be done about it. */
function Row({
  mark,
  icon,
  who,
  what,
  small,
  below,
  children,
}: {
  mark?: 'alert' | 'green';
  icon: IconName;
  who: ReactNode;
  what?: string;
  small: string;
  below?: ReactNode;
  children: ReactNode;
}) {
  return (
    <li>
      <span className={mark ? `mark ${mark}` : 'mark'}>
        <Icon name={icon} />
      </span>
      <div className="grow">
        <p>
          {who} {what && <span className="soft">{what}</span>}
        </p>
        <p className="small soft">{small}</p>
        {below}
      </div>
      {children}
    </li>
  );
}

type OfClass = { classId: ClassId };

function ClassLink({ need, children }: { need: OfClass; children: string }) {
  return (
    <Link className="who" to="/classes/$classId" params={need}>
      {children}
    </Link>
  );
}

function ChatsLink({ need: { classId }, children }: { need: OfClass; children: string }) {
  return (
    <Link className={buttonClass(undefined, true)} to="/chats" search={{ classId }}>
      {children}
    </Link>
  );
}

type Noted = Extract<Need, { kind: 'noted' }>;

function NotedRow({ need, now }: { need: Noted; now: number }) {
  const edit = useEdit();
  const { chat, form, pupil, className, notes } = need;
  // Only of the one that stands here: nobody has read the others yet. The next takes its place.
  const [{ messageNoteId, label, severity, createdAt }] = notes;
  const more = notes.length > 1 ? `, and ${notes.length - 1} more in this ${chat ? 'chat' : 'form'}` : '';
  return (
    <Row
      mark={severity === 'alert' ? 'alert' : undefined}
      icon={severity === 'alert' ? 'warn' : 'flag'}
      who={
        chat || form ? (
          <NotedLink className="who" need={need}>
            {pupil}
          </NotedLink>
        ) : (
          <span className="who">{pupil}</span>
        )
      }
      what={label}
      small={`${className}, ${formatAgo(createdAt, now)}${chat || form ? '' : ', in a form that was held back'}${more}`}
    >
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
    </Row>
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
