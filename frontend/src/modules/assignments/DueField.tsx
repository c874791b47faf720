import { Field } from '../../components/Field';
import { ToggleGroup } from '../../components/ToggleGroup';

/** "2026-11-20T16:00" of a moment, in the time of this device, as date boxes want it. */
function toLocalInput(ms: number | null): string {
  if (ms === null) return '';
  const date = new Date(ms);
  return new Date(ms - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function at(daysAhead: number, hour: number): number {
  const date = new Date();
  date.setDate(date.getDate() + daysAhead);
  return date.setHours(hour, 0, 0, 0);
}

/** When work is due: two usual answers and a box for any other. `value`: epoch ms, null for no date. */
export function DueField({
  value,
  onChange,
}: {
  value: number | null;
  onChange: (value: number | null) => void;
}) {
  const quick = [
    { label: 'No date', value: null },
    { label: 'Tomorrow', value: at(1, 16) },
    { label: 'In a week', value: at(7, 16) },
  ];
  return (
    <Field
      label="Due"
      hint={value !== null && value < Date.now() ? 'This moment has passed already.' : undefined}
    >
      {(control) => (
        <div className="hint-row">
          <input
            {...control}
            className="input due"
            type="datetime-local"
            value={toLocalInput(value)}
            onChange={(event) => {
              const ms = new Date(event.target.value).getTime();
              onChange(Number.isNaN(ms) ? null : ms);
            }}
          />
          <ToggleGroup label="Usual due dates" choices={quick} value={value} onChange={onChange} />
        </div>
      )}
    </Field>
  );
}
