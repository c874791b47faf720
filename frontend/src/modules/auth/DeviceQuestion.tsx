import type { DeviceContext } from '../../api/auth';

const answers = [
  {
    value: 'personal',
    label: 'Yes, mine',
    note: 'Stay signed in for 30 days. Your work is kept here, so it opens without a network.',
  },
  {
    value: 'shared',
    label: 'No, shared or the school’s',
    note: 'Signs you out soon after you stop, and takes your copy of the data with it.',
  },
] as const;

/** Whose device this is. Nothing is preselected: a wrong guess would leave a pupil's work on a shared one. */
export function DeviceQuestion({
  value,
  onChange,
}: {
  value: DeviceContext;
  onChange: (value: DeviceContext) => void;
}) {
  return (
    <fieldset className="stack gap-2">
      <legend className="label mb-2">Is this your own device?</legend>
      {answers.map((answer) => (
        <label className="pick" key={answer.value}>
          <input
            type="radio"
            name="device"
            checked={value === answer.value}
            onChange={() => onChange(answer.value)}
          />
          <span>
            <b className="text-ink">{answer.label}</b>
            {answer.note}
          </span>
        </label>
      ))}
      <p className="muted small">Not sure? Leave both empty: we treat it as shared.</p>
    </fieldset>
  );
}
