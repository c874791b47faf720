import type { ComponentProps } from 'react';
import { TextField } from './TextField';

/** A line for what a machine compares, such as a code or a user name: nothing capitalises or mends it. */
export function CodeField(props: ComponentProps<typeof TextField>) {
  return (
    <TextField autoCapitalize="none" autoComplete="off" autoCorrect="off" spellCheck={false} {...props} />
  );
}
