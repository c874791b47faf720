import { useEffect, useId, useRef, useState } from 'react';
import { Button } from '../../components/Button';
import { maxTextLength } from './message_text';

/** Changes a message that has not left this device: Enter keeps it, Esc leaves it as it was. */
export function EditQueued({
  text,
  onSave,
  onCancel,
}: {
  text: string;
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
  const save = () => void (draft.trim() === '' ? onCancel() : onSave(draft.trim()));
  return (
    <form
      className="composer editing"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <label className="sr" htmlFor={id}>
        Change the waiting message
      </label>
      <textarea
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
        <span className="grow" />
        <Button look="quiet" onClick={onCancel} small>
          Cancel
        </Button>
        <Button icon="check" look="primary" small type="submit">
          Keep
        </Button>
      </div>
    </form>
  );
}
