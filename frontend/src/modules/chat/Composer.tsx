import { type Ref, useId, useImperativeHandle, useRef, useState } from 'react';
import { Button } from '../../components/Button';
import { IconButton } from '../../components/IconButton';
import type { LocalDb } from '../../local_db/local_db';
import { maxTextLength } from './message_text';
import { useDraft } from './use_draft';

/** From here on it is said how much room is left. */
const nearLimit = maxTextLength - 1_000;

export type ComposerHandle = { rewrite: (text: string) => void; focus: () => void };

/**
 * Where the next message is written. The text leaves the field only when it is stored on this device, and
 * is kept as a draft until then. Enter sends, Shift Enter breaks the line, ↑ in an empty field edits the
 * last message in line.
 */
export function Composer({
  db,
  draftKey,
  online,
  counter,
  onSend,
  onEditLast,
  ref,
}: {
  db: LocalDb;
  draftKey: string;
  /** false: messages are put in line */
  online: boolean;
  /** "7 of 40 messages used" */
  counter: string;
  /** resolves when the message is stored on this device */
  onSend: (text: string) => Promise<void>;
  onEditLast: () => boolean;
  ref: Ref<ComposerHandle>;
}) {
  const draft = useDraft(db, draftKey);
  const [notStored, setNotStored] = useState(false);
  /** texts that are being stored, in order */
  const handedIn = useRef<string[]>([]);
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const left = maxTextLength - draft.text.length;

  useImperativeHandle(ref, () => ({
    rewrite(text) {
      draft.setText(draft.text.trim() === '' ? text : `${draft.text.trimEnd()}\n${text}`);
      field.current?.focus();
    },
    focus: () => field.current?.focus(),
  }));

  const send = async () => {
    // Whatever was handed in before still stands at the beginning of the field until it is stored.
    const text = draft.read();
    const before = handedIn.current.join('');
    const next = text.startsWith(before) ? text.slice(before.length) : text;
    if (next.trim() === '' || next.length > maxTextLength) return;
    handedIn.current.push(next);
    if (handedIn.current.length > 1) return;
    try {
      let first: string | undefined = next;
      while (first !== undefined) {
        await onSend(first);
        await draft.clearSent(first);
        handedIn.current.shift();
        first = handedIn.current[0];
      }
      setNotStored(false);
    } catch {
      handedIn.current = [];
      setNotStored(true);
    }
  };

  const insertFormula = () => {
    const element = field.current;
    if (!element) return;
    const { selectionStart: from, selectionEnd: to, value } = element;
    draft.setText(`${value.slice(0, from)}$${value.slice(from, to)}$${value.slice(to)}`);
    element.focus();
    requestAnimationFrame(() => element.setSelectionRange(from + 1, to + 1));
  };

  return (
    <>
      {(notStored || draft.failed) && (
        <p className="small tone-alert" role="alert">
          {notStored
            ? 'Not sent: this device could not store the message. It is still here; free some space and try again.'
            : 'This device has no room to keep what you write: send it before you close the page.'}
        </p>
      )}
      <form
        className="composer"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <label className="sr" htmlFor={id}>
          Message
        </label>
        {/* the style sheet lays the same text under the field, which gives it its height */}
        <div className="growing" data-text={draft.text}>
          <textarea
            aria-describedby={`${id}-count`}
            enterKeyHint="send"
            id={id}
            onChange={(event) => draft.setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing) return;
              if (event.key === 'Enter' && !event.shiftKey) {
                event.preventDefault();
                void send();
              } else if (event.key === 'ArrowUp' && draft.text === '' && onEditLast()) {
                event.preventDefault();
              }
            }}
            placeholder="Write your next thought"
            ref={field}
            rows={1}
            value={draft.text}
          />
        </div>
        <div className="bar">
          <IconButton icon="sigma" label="Insert formula" onClick={insertFormula} />
          <span className="small muted grow" id={`${id}-count`}>
            {draft.text.length > nearLimit ? <RoomLeft left={left} /> : counter}
            <span className="hide-s">{counter ? '. ' : ''}AI can be wrong: check what matters.</span>
          </span>
          <Button icon={online ? 'send' : 'clock'} look="primary" type="submit">
            {online ? 'Send' : 'Put in line'}
          </Button>
        </div>
      </form>
      <p className="small muted only-s center">AI can be wrong: check what matters.</p>
    </>
  );
}

function RoomLeft({ left }: { left: number }) {
  if (left >= 0) return `${left} characters left`;
  return <span className="tone-alert">{-left} characters too many to send</span>;
}
