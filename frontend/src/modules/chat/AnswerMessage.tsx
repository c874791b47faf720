import type { Message } from '@raptscallions/zod-schemas/chat.zod';
import { memo, useRef } from 'react';
import { Button } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { CopyButton } from '../../components/CopyButton';
import { Icon } from '../../components/Icon';
import { Mascot } from '../../components/Mascot';
import type { Answer } from './build_thread';
import { describeNotice } from './describe_notice';
import { describeOutcome } from './describe_outcome';
import { formatWhen } from './format_when';
import { Markdown } from './Markdown';
import { ReadAloudButton } from './ReadAloudButton';
import { isSameItem } from './same_item';
import { useAnswerText } from './use_answer_text';

type Props = {
  answer: Answer;
  /** the tool's */
  name: string;
  online: boolean;
  /** null: it is not the last of a chat that goes on */
  actions: AnswerActions | null;
};

export type AnswerActions = {
  /** another answer in place of this one */
  regenerate: (answerMessageId: Message['messageId']) => Promise<void>;
  continue: (answerMessageId: Message['messageId']) => Promise<void>;
};

/** The tool's words, on the page itself. While they come in, assistive technology is told to wait. */
export const AnswerMessage = memo(
  function AnswerMessage({ answer, name, online, actions }: Props) {
    const { text, growing, startedOver } = useAnswerText(answer);
    const box = useRef<HTMLDivElement>(null);
    const { message, run, live } = answer;
    const outcome = live ? null : describeOutcome(message, run, 'pupil');
    const notice = live && online && !growing ? describeNotice(run) : null;
    return (
      <article aria-busy={live || undefined} className="msg" data-message={answer.key}>
        <div className="by">
          <Mascot size={24} />
          <span>
            <b>{name}</b>
            {live && ` ${activity(growing, startedOver, online)}`}
            {message && !live && <span className="sr"> at {formatWhen(message.createdAt, Date.now())}</span>}
          </span>
          {message?.meta.provider === 'practice' && !live && <Chip>practice model</Chip>}
        </div>
        <div className="body" ref={box}>
          <Markdown growing={growing} tail={live ? <span className="caret" /> : null} text={text} />
        </div>
        {outcome && (
          <p className="state ended">
            <Icon name={outcome.icon} />
            {outcome.sentence}{' '}
            {outcome.canContinue && message && actions && (
              <button className="link" onClick={() => void actions.continue(message.messageId)} type="button">
                Go on
              </button>
            )}
          </p>
        )}
        {notice && (
          <p className="state ended" role="status">
            <Icon name="clock" />
            {notice}
          </p>
        )}
        {message && !live && (
          <div className="actions">
            <CopyButton label="Copy" read={() => message.text} />
            <ReadAloudButton box={box} />
            {actions && (
              <Button
                icon="refresh"
                look="quiet"
                onClick={() => void actions.regenerate(message.messageId)}
                small
              >
                Another answer
              </Button>
            )}
          </div>
        )}
      </article>
    );
  },
  (a, b) =>
    isSameItem(a.answer, b.answer) &&
    a.actions === b.actions &&
    a.name === b.name &&
    (a.online === b.online || !b.answer.live),
);

function activity(growing: boolean, startedOver: boolean, online: boolean): string {
  if (!online) return 'goes on when you are back online';
  if (growing) return 'is writing';
  return startedOver ? 'is starting over' : 'is thinking';
}
