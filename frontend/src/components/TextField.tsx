import type { ComponentProps, ReactNode } from 'react';
import { Field } from './Field';

type Props = Omit<ComponentProps<'input'>, 'className' | 'id' | 'onChange' | 'value'> & {
  label: string;
  hint?: ReactNode;
  /** stands in place of the hint */
  error?: string | null;
  value: string;
  onChange: (text: string) => void;
};

/** A labelled line of text; whatever else an `input` takes goes to it. */
export function TextField({ label, hint, error, onChange, ...input }: Props) {
  return (
    <Field error={error ?? null} hint={hint} label={label}>
      {(control) => (
        <input {...control} {...input} className="input" onChange={({ target }) => onChange(target.value)} />
      )}
    </Field>
  );
}
