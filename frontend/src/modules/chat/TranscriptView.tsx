import { useLiveQuery } from 'dexie-react-hooks';
import { formatTime } from '../../components/format_moment';
import { Icon } from '../../components/Icon';
import type { LocalDb } from '../../local_db/local_db';
import { useWatchRuns } from '../../sync/use_run_text';
import { readNotes } from '../hooks/note.queries';
import { liveRunOf } from './build_thread';
import { ThreadSkeleton } from './ChatSkeleton';
import type { TranscriptSetting } from './chat.queries';
import { TranscriptHead } from './TranscriptHead';
import { TranscriptLines } from './TranscriptLines';
import { useAnswerAnnouncement } from './use_answer_announcement';
import { useRecordView, type ViewRecord } from './use_record_view';
import { useStickToBottom } from './use_stick_to_bottom';
import { useThread } from './use_thread';

/** A transcript that is on this device. It grows while the pupil and the tool write. */
export function TranscriptView({
  db,
  setting,
  own,
}: {
  db: LocalDb;
  setting: TranscriptSetting;
  /** the reader's own chat, which is read without a record */
  own: boolean;
}) {
  const { chatSessionId } = setting.session;
  const view = useRecordView(own ? null : chatSessionId);
  const thread = useThread(db, chatSessionId, true);
  const notes = useLiveQuery(() => readNotes(db, chatSessionId), [db, chatSessionId]);
  const items = thread.items;
  const run = items && !own ? liveRunOf(items) : null;
  useWatchRuns(run ? [run.runId] : []);
  const announcement = useAnswerAnnouncement(items ?? [], setting.toolName);
  const { scrollRef, contentRef, overflows, atBottom, toBottom } = useStickToBottom(chatSessionId);
  const readable = own || view.state === 'recorded';
  return (
    <main className="chat transcript" id="main">
      <TranscriptHead own={own} setting={setting} />
      <p className="seen">
        <Icon name="eye" />
        <span>{recordWords(own, view, setting.teachers.length > 0)}</span>
      </p>
      <section
        aria-label="Transcript"
        className="scroll"
        ref={scrollRef}
        tabIndex={overflows ? 0 : undefined}
      >
        <div ref={contentRef}>
          {!readable || items === undefined ? (
            <div className="thread">{view.state !== 'failed' && <ThreadSkeleton />}</div>
          ) : items.length === 0 ? (
            <p className="thread soft">Nothing was written in this chat.</p>
          ) : (
            <TranscriptLines
              items={items}
              notes={notes}
              online={thread.online}
              pupil={own ? 'You' : firstName(setting.pupil)}
              toolName={setting.toolName}
            />
          )}
        </div>
      </section>
      <p className="sr" role="status">
        {announcement}
      </p>
      {!atBottom && (
        <button className="btn small newest" onClick={toBottom} type="button">
          <Icon name="down" />
          Newest
        </button>
      )}
    </main>
  );
}

function recordWords(own: boolean, view: ViewRecord, taught: boolean): string {
  if (own && !taught) return 'Your own trial of a tool. No class sees it.';
  if (own) return 'Your own chat. Your teachers can read it too; every look is recorded.';
  switch (view.state) {
    case 'recorded':
      return `Opening this was recorded at ${formatTime(view.at)}. The pupil knows that you can read it.`;
    case 'failed':
      return 'Not opened: this device could not store the record of it. Free some space and open it again.';
    default:
      return 'Recording that you open this.';
  }
}

function firstName(name: string): string {
  return name.split(/\s+/)[0] ?? name;
}
