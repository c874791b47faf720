import './hooks.css';
import type { MessageNote } from '@raptscallions/zod-schemas/hook.zod';
import { Chip, type Tone } from '../../components/Chip';
import type { IconName } from '../../components/Icon';

const looks: Record<MessageNote['severity'], { icon: IconName; tone?: Tone }> = {
  info: { icon: 'flag' },
  attention: { icon: 'flag', tone: 'warm' },
  alert: { icon: 'warn', tone: 'alert' },
};

/** What modules noted about a line, for those who teach. */
export function MessageNotes({ notes }: { notes: readonly MessageNote[] }) {
  if (notes.length === 0) return null;
  return (
    <p className="noted">
      {notes.map(({ messageNoteId, severity, label }) => (
        <Chip icon={looks[severity].icon} key={messageNoteId} tone={looks[severity].tone}>
          {label}
        </Chip>
      ))}
    </p>
  );
}
