import type { ChatSession, Run } from '@raptscallions/zod-schemas/chat.zod';
import type { ReactNode, RefObject } from 'react';
import { Button } from '../../components/Button';
import { formatTime } from '../../components/format_moment';
import { Icon } from '../../components/Icon';
import type { LocalDb } from '../../local_db/local_db';
import { Composer, type ComposerHandle } from './Composer';
import { useStop } from './use_stop';

/** Below the conversation: what holds it up, if anything, and where the next message is written. */
export function ChatFoot(props: {
  db: LocalDb;
  draftKey: string;
  status: ChatSession['status'];
  /** null: no limit */
  maxMessages: number | null;
  used: number;
  full: boolean;
  online: boolean;
  /** epoch ms */
  offlineSince: number | null;
  /** messages of this chat that have not left the device */
  waiting: number;
  /** whose answer comes in now */
  run: Run | null;
  composer: RefObject<ComposerHandle | null>;
  onSend: (text: string) => Promise<void>;
  onEditLast: () => boolean;
  onStartAgain: () => void;
  /** null: it is not the pupil who paused it */
  onResume: (() => void) | null;
  children: ReactNode;
}) {
  const { online, offlineSince, waiting, run, maxMessages, used, full } = props;
  const { stop, stopping } = useStop(online ? run : null);
  const stopNow = () => {
    stop();
    // The button goes with the answer, so the focus moves on to where one writes.
    props.composer.current?.focus();
  };
  return (
    <footer className="cfoot">
      {props.children}
      {!online && (
        <div className="banner wait" role="status">
          <Icon name="cloudoff" />
          <p>
            <b>You are offline{offlineSince === null ? '' : ` since ${formatTime(offlineSince)}`}.</b>{' '}
            {waitingWords(waiting)}
          </p>
        </div>
      )}
      {online && run && (
        <div className="stopbar">
          <button className="btn" onClick={stopNow} type="button">
            <Icon name="stop" />
            {stopping ? 'Stopping' : 'Stop'} <kbd className="hide-s">Esc</kbd>
          </button>
        </div>
      )}
      {props.status === 'completed' || full ? (
        <Ended onStartAgain={props.onStartAgain} sentence={endedWords(props.status, full, maxMessages)} />
      ) : props.status === 'paused' ? (
        <Paused onResume={props.onResume} />
      ) : (
        <Composer
          counter={maxMessages === null ? '' : `${used} of ${maxMessages} messages used`}
          db={props.db}
          draftKey={props.draftKey}
          onEditLast={props.onEditLast}
          onSend={props.onSend}
          online={online}
          ref={props.composer}
        />
      )}
    </footer>
  );
}

function Paused({ onResume }: { onResume: (() => void) | null }) {
  return (
    <div className="banner warm ended-chat">
      <Icon name="pause" />
      {onResume ? (
        <>
          <p className="grow">
            <b>You paused this chat.</b> What you asked before is answered when you go on.
          </p>
          <Button onClick={onResume} small>
            Go on
          </Button>
        </>
      ) : (
        <p className="grow">
          <b>Your teacher has paused this chat.</b> Read on; writing opens again by itself.
        </p>
      )}
    </div>
  );
}

function Ended({ sentence, onStartAgain }: { sentence: string; onStartAgain: () => void }) {
  return (
    <div className="banner green ended-chat">
      <Icon name="check" />
      <p className="grow">{sentence}</p>
      <Button icon="plus" onClick={onStartAgain} small>
        Start again
      </Button>
    </div>
  );
}

function waitingWords(waiting: number): string {
  if (waiting === 0) return 'Write on: messages wait here and are sent when you are back';
  if (waiting === 1) return '1 message waits here and will be sent when you are back';
  return `${waiting} messages wait here and will be sent in order`;
}

function endedWords(status: ChatSession['status'], full: boolean, maxMessages: number | null): string {
  if (full)
    return `All ${maxMessages} messages of this chat are used. You can read it any time, or start again.`;
  return status === 'completed' ? 'This chat is finished. You can read it any time, or start again.' : '';
}
