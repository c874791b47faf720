import { passwordLength } from '@raptscallions/zod-schemas/auth.zod';
import { type Ref, useState } from 'react';
import { Button } from '../../components/Button';
import type { FieldControl } from '../../components/Field';

/** A password that can be looked at while it is typed. */
export function PasswordInput({
  control,
  value,
  onChange,
  autoComplete,
  ref,
}: {
  control: FieldControl;
  value: string;
  onChange: (value: string) => void;
  autoComplete: 'current-password' | 'new-password';
  ref?: Ref<HTMLInputElement>;
}) {
  const [shown, setShown] = useState(false);
  return (
    <div className="input-wrap">
      <input
        {...control}
        ref={ref}
        className="input"
        type={shown ? 'text' : 'password'}
        autoComplete={autoComplete}
        maxLength={passwordLength.max}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <Button
        look="quiet"
        small
        icon="eye"
        aria-pressed={shown}
        aria-label="Show password"
        onClick={() => setShown(!shown)}
      >
        {shown ? 'Hide' : 'Show'}
      </Button>
    </div>
  );
}
