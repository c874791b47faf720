import type { GroupId } from '@raptscallions/zod-schemas/group.zod';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { readFailure } from '../../api/read_failure';
import { useAnswer } from '../../api/use_answer';
import { Button } from '../../components/Button';
import { TextField } from '../../components/TextField';
import { toastNote } from '../../components/toast';

/** Where the school is: its days and months begin there, for limits and reports. */
export function SchoolClock({ groupId }: { groupId: GroupId }) {
  const { state, reload } = useAnswer(() => api.usage.limits({ groupId }), groupId);
  const [written, setWritten] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  if (state.name !== 'loaded') return null;
  const { timeZone } = state.data;
  const shown = written ?? timeZone;

  async function submit(event: FormEvent) {
    event.preventDefault();
    setError(null);
    try {
      await api.usage.setTimeZone({ groupId, timeZone: shown.trim() });
      toastNote(`Days and months begin by ${shown.trim()} now`, 'clock');
      setWritten(null);
      await reload();
    } catch (caught) {
      setError(readFailure(caught));
    }
  }

  return (
    <form className="usage-clock" onSubmit={(event) => void submit(event)}>
      <TextField
        error={error}
        hint="Where the school is, such as Europe/Berlin: days and months of limits begin there."
        label="Time zone"
        autoComplete="off"
        list="time-zones"
        onChange={setWritten}
        spellCheck={false}
        value={shown}
      />
      <datalist id="time-zones">
        {Intl.supportedValuesOf('timeZone').map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {shown.trim() !== timeZone && (
        <Button small type="submit">
          Save
        </Button>
      )}
    </form>
  );
}
