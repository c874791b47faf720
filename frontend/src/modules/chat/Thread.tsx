import { memo, startTransition, useEffect, useState } from 'react';
import { AnswerMessage } from './AnswerMessage';
import type { ThreadItem } from './build_thread';
import { type QuestionActions, QuestionMessage } from './QuestionMessage';

/** So many of the newest are drawn at once; the older ones follow in steps, while nothing else is to do. */
const firstStep = 24;
const furtherStep = 40;

/** The conversation. Older messages are laid out by the browser only when they come near the window. */
export const Thread = memo(function Thread({
  items,
  name,
  online,
  editingKey,
  actions,
}: {
  items: readonly ThreadItem[];
  name: string;
  online: boolean;
  editingKey: string | null;
  actions: QuestionActions;
}) {
  const [count, setCount] = useState(firstStep);
  useEffect(() => {
    if (count === Number.POSITIVE_INFINITY) return;
    const next = count + furtherStep;
    // A transition can be interrupted by typing and by text that streams in.
    startTransition(() => setCount(next < items.length ? next : Number.POSITIVE_INFINITY));
  }, [count, items.length]);
  return items.slice(-count).map((item) => {
    if (item.kind === 'question') {
      return <QuestionMessage actions={actions} editing={editingKey === item.key} key={item.key} question={item} />;
    }
    if (item.kind === 'answer') {
      return <AnswerMessage answer={item} key={item.key} name={name} onRetry={actions.retry} online={online} />;
    }
    return (
      <p className="note-line" key={item.key}>
        {item.text}
      </p>
    );
  });
});
