import { useId } from 'react';
import { FieldBox } from './FieldBox';
import type { Choice } from './form_field';

type ChoiceProps = {
  label: string;
  hint: string | undefined;
  error: string | null;
  choices: Choice[];
  value: unknown;
  onChange: (value: unknown) => void;
};

/** One of a few, all in sight. */
export function ChoiceRadios({ label, hint, error, choices, value, onChange }: ChoiceProps) {
  const name = useId();
  return (
    <FieldBox error={error} hint={hint} label={label}>
      <div className="form-choices">
        {choices.map((choice, at) => (
          <label className="row choice" key={choice.label}>
            <input
              checked={value === choice.value}
              name={name}
              onChange={() => onChange(choice.value)}
              type="radio"
              {...(error && at === 0 ? { 'aria-invalid': true } : {})}
            />
            {choice.label}
          </label>
        ))}
      </div>
    </FieldBox>
  );
}

/** Any of them; the value is a list. */
export function ChoiceBoxes({ label, hint, error, choices, value, onChange }: ChoiceProps) {
  const chosen: unknown[] = Array.isArray(value) ? value : [];
  return (
    <FieldBox error={error} hint={hint} label={label}>
      <div className="form-choices">
        {choices.map((choice, at) => (
          <label className="row" key={choice.label}>
            <input
              checked={chosen.includes(choice.value)}
              // In the order of the form, whatever the order of the ticks.
              onChange={({ target }) =>
                onChange(
                  choices
                    .map((each) => each.value)
                    .filter((each) => (each === choice.value ? target.checked : chosen.includes(each))),
                )
              }
              type="checkbox"
              {...(error && at === 0 ? { 'aria-invalid': true } : {})}
            />
            {choice.label}
          </label>
        ))}
      </div>
    </FieldBox>
  );
}
