import { useEffect, useId, useRef, useState } from 'react';
import { Button } from '../../components/Button';
import { maxTextLength } from './message_text';

/** Changes a message of one's own, sent or still waiting here: Enter keeps it, Esc leaves it as it was. */
export function EditMessage({
  text,
  sent,
  onSave,
  onCancel,
}: {
  text: string;
  /** it was sent: the new version takes its place, and that of all that follows */
  sent: boolean;
  onSave: (text: string) => Promise<void>;
  onCancel: () => void;
}) {
  const [draft, setDraft] = useState(text);
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  useEffect(() => {
    const element = field.current;
    element?.focus();
    element?.setSelectionRange(element.value.length, element.value.length);
  }, []);
  const save = () => {
    const next = draft.trim();
    void (next === '' || (sent && next === text) ? onCancel() : onSave(next));
  };
  return (
    <form
      className="composer editing"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <label className="sr" htmlFor={id}>
        {sent ? 'Change your message' : 'Change the waiting message'}
      </label>
      <textarea
        aria-describedby={`${id}-effect`}
        id={id}
        maxLength={maxTextLength}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Enter' && !event.shiftKey) {
            event.preventDefault();
            save();
          } else if (event.key === 'Escape') {
            event.preventDefault();
            event.stopPropagation();
            onCancel();
          }
        }}
        ref={field}
        rows={2}
        value={draft}
      />
      <div className="bar">
        <span className="small muted grow" id={`${id}-effect`}>
          {sent && 'It is answered anew. What came after it leaves the chat.'}
        </span>
        <Button look="quiet" onClick={onCancel} small>
          Cancel
        </Button>
        <Button icon={sent ? 'send' : 'check'} look="primary" small type="submit">
          {sent ? 'Send again' : 'Keep'}
        </Button>
      </div>
    </form>
  );
}
