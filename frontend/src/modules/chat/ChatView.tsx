import type { ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { useCallback, useRef, useState } from 'react';
import { Icon } from '../../components/Icon';
import type { LocalDb } from '../../local_db/local_db';
import { useEdit } from '../../sync/sync_context';
import { useUndoableEdit } from '../edits/use_undoable_edit';
import { liveRunOf, type ThreadItem } from './build_thread';
import { ChatFoot } from './ChatFoot';
import { ChatHead } from './ChatHead';
import { ChatOpening } from './ChatOpening';
import { ThreadSkeleton } from './ChatSkeleton';
import type { ComposerHandle } from './Composer';
import type { ChatSetting } from './chat.queries';
import { chooseSession } from './choose_session';
import { canWriteAnew } from './QuestionMessage';
import { SeenNotice } from './SeenNotice';
import { Thread } from './Thread';
import { useAnswerAnnouncement } from './use_answer_announcement';
import { useAnswerActions, useQuestionActions } from './use_question_actions';
import { useStickToBottom } from './use_stick_to_bottom';
import { useThread } from './use_thread';

const nothing: ThreadItem[] = [];

/** A chat whose surroundings are known: heading, notice, conversation, and where to write. */
export function ChatView({ db, setting, draftKey }: { db: LocalDb; setting: ChatSetting; draftKey: string }) {
  const { assignment, toolVersion, sessions } = setting;
  /** made or chosen on this page; `new`: asked to start again, nothing written yet */
  const [chosen, setChosen] = useState<ChatSessionId | 'new' | null>(null);
  const [editingKey, setEditingKey] = useState<string | null>(null);
  const edit = useEdit();
  const undoableEdit = useUndoableEdit();
  const composer = useRef<ComposerHandle>(null);
  const session = chooseSession(sessions, chosen);
  const sessionId = session?.chatSessionId ?? (chosen === 'new' ? null : chosen);
  const thread = useThread(db, sessionId);
  const items = thread.items ?? nothing;
  const { scrollRef, contentRef, overflows, atBottom, toBottom } = useStickToBottom(sessionId ?? 'new');
  const { maxMessages } = toolVersion;
  const full = maxMessages !== null && thread.used >= maxMessages;
  const actions = useQuestionActions(setEditingKey, composer, session, full);
  const answerActions = useAnswerActions();
  const announcement = useAnswerAnnouncement(items, toolVersion.name);

  const send = async (text: string) => {
    let chatSessionId = sessionId;
    if (chatSessionId === null) {
      chatSessionId = newId('chat');
      const assignmentId = assignment?.assignmentId ?? null;
      await edit('chat.start', { chatSessionId, assignmentId, toolVersionId: toolVersion.toolVersionId });
      setChosen(chatSessionId);
    }
    await edit('chat.send', {
      chatSessionId,
      messageId: newId('message'),
      runId: newId('run'),
      answerMessageId: newId('message'),
      text,
    });
    toBottom();
  };

  const finish = useCallback(async () => {
    if (session) await edit('chat.complete', { chatSessionId: session.chatSessionId });
  }, [edit, session]);

  const pause = useCallback(
    async (paused: boolean) => {
      if (session) await edit('chat.pause', { chatSessionId: session.chatSessionId, paused });
    },
    [edit, session],
  );

  const startAgain = async () => {
    if (session && session.status !== 'completed') await finish();
    setChosen('new');
    composer.current?.focus();
  };

  const putAway = async () => {
    if (!session) return;
    const { chatSessionId } = session;
    await undoableEdit({
      name: 'chat.hide',
      args: { chatSessionId, hidden: true },
      opposite: { name: 'chat.hide', args: { chatSessionId, hidden: false } },
      done: 'Chat put away. Your teacher still has it.',
      icon: 'archive',
      onUndo: () => setChosen(chatSessionId),
    });
    setChosen('new');
  };

  const editLast = () => {
    const last = items.findLast(
      (item) => item.kind === 'question' && (item.state.name === 'queued' || canWriteAnew(item, actions)),
    );
    if (!last) return false;
    setEditingKey(last.key);
    return true;
  };

  return (
    <main className="chat" id="main">
      <ChatHead
        onPause={session?.status === 'active' ? () => void pause(true) : null}
        onFinish={() => void finish()}
        onPutAway={() => void putAway()}
        onStartAgain={() => void startAgain()}
        session={session}
        setting={setting}
      />
      <SeenNotice teachers={setting.teachers} trial={assignment === null} />
      <section
        aria-label="Conversation"
        className="scroll"
        ref={scrollRef}
        tabIndex={overflows ? 0 : undefined}
      >
        <div className="thread" ref={contentRef}>
          {thread.items === undefined ? (
            <ThreadSkeleton />
          ) : items.length === 0 ? (
            <ChatOpening instructions={assignment?.instructions ?? null} toolVersion={toolVersion} />
          ) : (
            <Thread
              actions={actions}
              answerActions={answerActions}
              editingKey={editingKey}
              items={items}
              key={sessionId}
              name={toolVersion.name}
              online={thread.online}
            />
          )}
        </div>
      </section>
      <p className="sr" role="status">
        {announcement}
      </p>
      <ChatFoot
        composer={composer}
        db={db}
        draftKey={draftKey}
        full={full}
        maxMessages={maxMessages}
        offlineSince={thread.offlineSince}
        onEditLast={editLast}
        onSend={send}
        onStartAgain={() => void startAgain()}
        online={thread.online}
        run={liveRunOf(items)}
        onResume={session && session.pausedByUserId === session.userId ? () => void pause(false) : null}
        status={session?.status ?? 'active'}
        used={thread.used}
        waiting={thread.waiting}
      >
        {!atBottom && (
          <button className="btn small newest" onClick={toBottom} type="button">
            <Icon name="down" />
            Newest
          </button>
        )}
      </ChatFoot>
    </main>
  );
}
