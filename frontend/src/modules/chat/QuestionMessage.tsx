import type { Message, Run } from '@raptscallions/zod-schemas/chat.zod';
import type { EditArgs } from '@raptscallions/zod-schemas/edit.zod';
import type { SyncRefusal } from '@raptscallions/zod-schemas/sync_client.zod';
import { memo, type ReactNode } from 'react';
import { Icon, type IconName } from '../../components/Icon';
import type { Question, QuestionState } from './build_thread';
import { EditMessage } from './EditMessage';
import { formatWhen } from './format_when';
import { PlainText } from './PlainText';
import { isSameItem } from './same_item';

export type QuestionActions = {
  /** the chat is over: nothing can be sent or asked again */
  closed: boolean;
  /** every message of the chat is used: one that is written anew would be one too many */
  full: boolean;
  edit: (key: string) => void;
  cancelEdit: () => void;
  replace: (mid: number, args: SendArgs) => Promise<void>;
  /** sends another version, which takes the place of this one and of all that follows */
  writeAnew: (messageId: Message['messageId'], text: string) => Promise<void>;
  removeQueued: (mid: number) => Promise<void>;
  retry: (runId: Run['runId']) => Promise<void>;
  resend: (refusalId: RefusalId, args: SendArgs) => Promise<void>;
  discard: (refusalId: RefusalId) => Promise<void>;
  rewrite: (text: string) => void;
};
type SendArgs = EditArgs<'chat.send'>;
type RefusalId = SyncRefusal['syncRefusalId'];

const ordinals = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
];

/** A pupil's own words in their box, and below it what became of them. */
export const QuestionMessage = memo(
  function QuestionMessage({
    question,
    editing,
    actions,
  }: {
    question: Question;
    editing: boolean;
    actions: QuestionActions;
  }) {
    const { state, text, key } = question;
    const look = looks[state.name];
    const isQueued = state.name === 'queued';
    const messageId = canWriteAnew(question, actions) ? question.messageId : null;
    const isEdited = editing && (isQueued || messageId !== null);
    return (
      <article className={`msg mine ${look.className}`} data-message={key}>
        <p className="sr">You wrote:</p>
        {isEdited ? (
          <EditMessage
            onCancel={actions.cancelEdit}
            onSave={async (next) => {
              if (isQueued) await actions.replace(state.mid, { ...state.args, text: next });
              else if (messageId !== null) await actions.writeAnew(messageId, next);
            }}
            sent={!isQueued}
            text={text}
          />
        ) : (
          <>
            <div className="body">
              <PlainText text={text} />
            </div>
            <span className="state">
              <Icon name={look.icon} />
              <span>{stateWords(state, formatWhen(question.writtenAt, Date.now()))}</span>
              {stateActions(question, actions)}
              {messageId !== null && <Action onPress={() => actions.edit(key)}>Edit</Action>}
            </span>
          </>
        )}
      </article>
    );
  },
  (a, b) => a.editing === b.editing && a.actions === b.actions && isSameItem(a.question, b.question),
);

const looks: Record<QuestionState['name'], { className: string; icon: IconName }> = {
  queued: { className: 'queued', icon: 'clock' },
  sending: { className: 'sending', icon: 'refresh' },
  cutOff: { className: 'queued', icon: 'clock' },
  sent: { className: 'sent', icon: 'check' },
  inTurn: { className: 'sent', icon: 'clock' },
  failed: { className: 'failed', icon: 'warn' },
  refused: { className: 'failed', icon: 'warn' },
  stopped: { className: 'sent', icon: 'stop' },
  blocked: { className: 'failed', icon: 'lock' },
};

function stateWords(state: QuestionState, when: string): string {
  switch (state.name) {
    case 'queued':
      return `Waiting, ${ordinals[state.place - 1] ?? `number ${state.place}`} in line. Written ${when}`;
    case 'sending':
      return 'Sending';
    case 'cutOff':
      return 'Was being sent when the network went. It goes on by itself, and arrives once';
    case 'sent':
      return `Sent ${when}`;
    case 'inTurn':
      return `Sent ${when}, answered after the one before`;
    case 'failed':
      return `Not answered: ${lowerFirst(state.sentence)}`;
    case 'refused':
      return `Not sent: ${lowerFirst(state.sentence)}`;
    case 'stopped':
      return `Sent ${when}. You stopped the answer before it began.`;
    case 'blocked':
      return `Not answered: ${lowerFirst(state.sentence)}`;
  }
}

function lowerFirst(sentence: string): string {
  return /^[A-Z][a-z]/.test(sentence) ? (sentence[0]?.toLowerCase() ?? '') + sentence.slice(1) : sentence;
}

/** What the server has and has not held back; what waits here is changed in place. */
export function canWriteAnew(
  { state, messageId }: Question,
  { closed, full }: Pick<QuestionActions, 'closed' | 'full'>,
): boolean {
  return messageId !== null && !closed && !full && anewStates.has(state.name);
}
const anewStates = new Set<QuestionState['name']>(['sent', 'inTurn', 'failed', 'stopped']);

function stateActions({ state, text, key }: Question, actions: QuestionActions): ReactNode {
  switch (state.name) {
    case 'queued':
      return (
        <>
          <Action onPress={() => actions.edit(key)}>Edit</Action>
          <Action onPress={() => void actions.removeQueued(state.mid)}>Delete</Action>
        </>
      );
    case 'stopped':
      return actions.closed ? null : (
        <Action onPress={() => void actions.retry(state.runId)}>Try again</Action>
      );
    case 'failed':
      return actions.closed ? null : (
        <Action onPress={() => void actions.retry(state.runId)}>Try again</Action>
      );
    case 'refused':
      return (
        <>
          {!actions.closed && (
            <Action onPress={() => void actions.resend(state.refusalId, state.args)}>Try again</Action>
          )}
          <Action onPress={() => void actions.discard(state.refusalId)}>Delete</Action>
        </>
      );
    case 'blocked':
      return actions.closed ? null : (
        <Action onPress={() => actions.rewrite(text)}>Write it differently</Action>
      );
    default:
      return null;
  }
}

function Action({ onPress, children }: { onPress: () => void; children: string }) {
  return (
    <button className="link" onClick={onPress} type="button">
      {children}
    </button>
  );
}
