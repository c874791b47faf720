import { Link } from '@tanstack/react-router';
import { buttonClass } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { daysFromNow, formatDay, formatDue } from '../../components/format_moment';
import { Icon } from '../../components/Icon';
import type { PupilWork } from './assignment.queries';

const looks = {
  new: { icon: 'task', tone: '', chip: undefined, word: 'Not started', verb: 'Start' },
  started: { icon: 'chat', tone: 'green', chip: 'green', word: 'Started', verb: 'Go on' },
  done: { icon: 'check', tone: 'green', chip: 'green', word: 'Finished', verb: 'Read' },
} as const;

/** One piece of work in a pupil's list. */
export function WorkRow({ work, now }: { work: PupilWork; now: number }) {
  const { assignment, className, toolName, teacherName } = work;
  const look = looks[work.state];
  const dueAt = assignment.dueAt;
  const open = work.state !== 'done';
  const late = open && dueAt !== null && dueAt < now;
  const soon = open && dueAt !== null && !late && daysFromNow(dueAt, now) <= 1;
  return (
    <li className="opens">
      <span className={`mark ${late ? 'warm' : look.tone}`}>
        <Icon name={late ? 'clock' : look.icon} />
      </span>
      <div className="grow">
        <Link
          className="who big"
          to="/assignments/$assignmentId"
          params={{ assignmentId: assignment.assignmentId }}
        >
          {assignment.title}
        </Link>
        <p className="small soft">
          {[className, toolName, teacherName && `set by ${teacherName}`].filter(Boolean).join(', ')}
        </p>
        <p className="hint-row small">
          <Chip tone={look.chip} icon={work.state === 'new' ? undefined : look.icon}>
            {look.word}
          </Chip>
          {open && dueAt !== null && (
            <span className={late || soon ? 'tone-warm' : 'soft'}>
              {late ? `Was due ${formatDay(dueAt, now)}` : `Due ${formatDue(dueAt, now)}`}
            </span>
          )}
          {!open && work.session?.completedAt && (
            <span className="soft">{formatDay(work.session.completedAt, now)}</span>
          )}
        </p>
      </div>
      <Link
        className={buttonClass(undefined, true)}
        to="/assignments/$assignmentId"
        params={{ assignmentId: assignment.assignmentId }}
        aria-label={`${look.verb}: ${assignment.title}`}
      >
        {look.verb}
      </Link>
    </li>
  );
}
