import './hooks.css';
import type { MessageNote } from '@raptscallions/zod-schemas/hook.zod';
import { useLiveQuery } from 'dexie-react-hooks';
import { Button } from '../../components/Button';
import { Chip, type Tone } from '../../components/Chip';
import { formatLongDay, formatTime } from '../../components/format_moment';
import type { IconName } from '../../components/Icon';
import { useLocalDb } from '../../local_db/local_db_context';
import { useEdit } from '../../sync/sync_context';

const looks: Record<MessageNote['severity'], { icon: IconName; tone?: Tone }> = {
  info: { icon: 'flag' },
  attention: { icon: 'flag', tone: 'warm' },
  alert: { icon: 'warn', tone: 'alert' },
};

/** What modules noted about a line, for those who teach; what calls for somebody says who took it on. */
export function MessageNotes({ notes }: { notes: readonly MessageNote[] }) {
  if (notes.length === 0) return null;
  return (
    <div className="noted">
      {notes.map((note) => (
        <span className="row" key={note.messageNoteId}>
          <Chip icon={looks[note.severity].icon} tone={looks[note.severity].tone}>
            {note.label}
          </Chip>
          {note.severity !== 'info' && <Acknowledged note={note} />}
        </span>
      ))}
    </div>
  );
}

function Acknowledged({ note }: { note: MessageNote }) {
  const { messageNoteId, label, acknowledgedAt, acknowledgedByUserId } = note;
  const db = useLocalDb();
  const edit = useEdit();
  const by = useLiveQuery(
    () => (acknowledgedByUserId ? db.users.get(acknowledgedByUserId) : undefined),
    [db, acknowledgedByUserId],
  );
  if (acknowledgedAt !== null) {
    return (
      <span className="small soft">
        Seen by {by?.name ?? 'a teacher'}, {formatLongDay(acknowledgedAt)}, {formatTime(acknowledgedAt)}
      </span>
    );
  }
  return (
    <Button
      small
      icon="check"
      aria-label={`Seen: ${label}`}
      onClick={() => void edit('hooks.acknowledge', { messageNoteId })}
    >
      Seen
    </Button>
  );
}
