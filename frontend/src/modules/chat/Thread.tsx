import { memo } from 'react';
import { type AnswerActions, AnswerMessage } from './AnswerMessage';
import type { ThreadItem } from './build_thread';
import { type QuestionActions, QuestionMessage } from './QuestionMessage';
import { useGrowingCount } from './use_growing_count';

/** The conversation. Older messages are laid out by the browser only when they come near the window. */
export const Thread = memo(function Thread({
  items,
  name,
  online,
  editingKey,
  actions,
  answerActions,
}: {
  items: readonly ThreadItem[];
  name: string;
  online: boolean;
  editingKey: string | null;
  actions: QuestionActions;
  answerActions: AnswerActions;
}) {
  const count = useGrowingCount(items.length, 24, 40);
  const last = items.at(-1);
  return items.slice(-count).map((item) => {
    if (item.kind === 'question') {
      return (
        <QuestionMessage actions={actions} editing={editingKey === item.key} key={item.key} question={item} />
      );
    }
    if (item.kind === 'answer') {
      return (
        <AnswerMessage
          actions={item === last && !item.live && !actions.closed ? answerActions : null}
          answer={item}
          key={item.key}
          name={name}
          online={online}
        />
      );
    }
    return (
      <p className="note-line" key={item.key}>
        {item.text}
      </p>
    );
  });
});
