import type { MessageNote } from '@raptscallions/zod-schemas/hook.zod';
import { memo } from 'react';
import { Chip, type Tone } from '../../components/Chip';
import { formatLongDay, formatTime } from '../../components/format_moment';
import type { IconName } from '../../components/Icon';
import { MessageNotes } from '../hooks/MessageNotes';
import type { Answer, Question, QuestionState, ThreadItem } from './build_thread';
import { describeOutcome } from './describe_outcome';
import { Markdown } from './Markdown';
import { PlainText } from './PlainText';
import { isSameItem } from './same_item';
import { useAnswerText } from './use_answer_text';
import { useGrowingCount } from './use_growing_count';

/** A conversation as a record: a time, a name and the words in each line, and a heading for each day. */
export function TranscriptLines({
  items,
  notes,
  pupil,
  toolName,
  online,
}: {
  items: readonly ThreadItem[];
  /** by message; undefined until they are read */
  notes: ReadonlyMap<string, MessageNote[]> | undefined;
  pupil: string;
  toolName: string;
  online: boolean;
}) {
  const count = useGrowingCount(items.length, 30, 60);
  const from = Math.max(items.length - count, 0);
  return (
    <ol className="lines">
      {items.slice(from).map((item, at) => (
        <Line
          day={dayOf(item, items[from + at - 1])}
          item={item}
          key={item.key}
          notes={notes?.get(item.key) ?? none}
          online={online}
          pupil={pupil}
          toolName={toolName}
        />
      ))}
    </ol>
  );
}

const none: MessageNote[] = [];
type LineProps = {
  item: ThreadItem;
  notes: readonly MessageNote[];
  day: string | null;
  pupil: string;
  toolName: string;
  online: boolean;
};

const Line = memo(
  function Line({ item, notes, day, pupil, toolName, online }: LineProps) {
    const at = momentOf(item);
    const failed = item.kind === 'question' && ['failed', 'refused', 'blocked'].includes(item.state.name);
    return (
      <li className={lineClass(item, failed)} data-message={item.key}>
        {day && <h2 className="day">{day}</h2>}
        <time dateTime={at === null ? undefined : new Date(at).toISOString()}>
          {at === null ? 'now' : formatTime(at)}
        </time>
        <div>
          {item.kind === 'question' && <QuestionLine pupil={pupil} question={item} />}
          {item.kind === 'answer' && <AnswerLine answer={item} online={online} toolName={toolName} />}
          {item.kind === 'note' && <p className="soft">{item.text}</p>}
          <MessageNotes notes={notes} />
        </div>
      </li>
    );
  },
  (a, b) =>
    a.day === b.day &&
    a.pupil === b.pupil &&
    a.toolName === b.toolName &&
    a.online === b.online &&
    a.notes.length === b.notes.length &&
    a.notes.every(({ acknowledgedAt }, at) => acknowledgedAt === b.notes[at]?.acknowledgedAt) &&
    isSameItem(a.item, b.item),
);

function lineClass(item: ThreadItem, failed: boolean): string | undefined {
  if (item.kind !== 'note' && item.replaced) return 'replaced';
  return failed ? 'flagged' : undefined;
}

/** Says of a line that it is no part of the conversation any more. */
function Replaced({ words }: { words: string }) {
  return (
    <p className="verdict">
      <Chip icon="history">{words}</Chip>
    </p>
  );
}

function QuestionLine({ question, pupil }: { question: Question; pupil: string }) {
  const { state, text } = question;
  return (
    <>
      <b>{pupil}</b>
      <div className="body">
        <PlainText text={text} />
      </div>
      {question.replaced ? <Replaced words="Written anew later" /> : <Verdict state={state} />}
    </>
  );
}

const verdicts: Partial<Record<QuestionState['name'], { words: string; icon: IconName; tone?: Tone }>> = {
  failed: { words: 'Not answered', icon: 'warn', tone: 'alert' },
  blocked: { words: 'Not answered', icon: 'lock', tone: 'alert' },
  refused: { words: 'Not sent', icon: 'warn', tone: 'alert' },
  queued: { words: 'Waiting to be sent', icon: 'clock', tone: 'wait' },
  sending: { words: 'Waiting to be sent', icon: 'clock', tone: 'wait' },
  cutOff: { words: 'Waiting to be sent', icon: 'clock', tone: 'wait' },
  inTurn: { words: 'Answered after the one before', icon: 'clock', tone: 'wait' },
  stopped: { words: 'Answer stopped before it began', icon: 'stop' },
};

/** What became of a question that has no answer below it. */
function Verdict({ state }: { state: QuestionState }) {
  const verdict = verdicts[state.name];
  if (!verdict) return null;
  return (
    <p className="verdict">
      <Chip icon={verdict.icon} tone={verdict.tone}>
        {verdict.words}
      </Chip>
      {'sentence' in state && <span className="small">{state.sentence}</span>}
    </p>
  );
}

function AnswerLine({ answer, toolName, online }: { answer: Answer; toolName: string; online: boolean }) {
  const { text, growing } = useAnswerText(answer);
  const { live, message, run } = answer;
  const outcome = live ? null : describeOutcome(message, run, 'staff');
  return (
    <article aria-busy={live || undefined} className="msg">
      <p>
        <b className="soft">{toolName}</b>
        {live && (
          <span className="small muted">
            {' '}
            {online ? (growing ? 'is writing' : 'is thinking') : 'was writing'}
          </span>
        )}{' '}
        {message?.meta.provider === 'practice' && !live && <Chip>practice model</Chip>}
      </p>
      <div className="body">
        <Markdown growing={growing} tail={live ? <span className="caret" /> : null} text={text} />
      </div>
      {outcome && <p className="small soft">{outcome.sentence}</p>}
      {answer.replaced && <Replaced words="Replaced by another answer" />}
    </article>
  );
}

function momentOf(item: ThreadItem): number | null {
  if (item.kind === 'question') return item.writtenAt;
  if (item.kind === 'answer') return item.message && !item.live ? item.message.createdAt : null;
  return null;
}

/** The day an item begins, when the one before it is of another. */
function dayOf(item: ThreadItem, before: ThreadItem | undefined): string | null {
  const at = momentOf(item);
  if (at === null) return null;
  const earlier = before ? momentOf(before) : null;
  const sameDay = earlier !== null && new Date(earlier).toDateString() === new Date(at).toDateString();
  return sameDay || (before && earlier === null) ? null : formatLongDay(at);
}
