import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon';

/** green: go, done, here. warm: a person should look. wait: waiting, offline. alert: refused, failed, safety. */
export type Tone = 'green' | 'warm' | 'wait' | 'alert';

/** A state in a word; colour never speaks alone, so the word is required. */
export function Chip({ tone, icon, children }: { tone?: Tone; icon?: IconName; children: ReactNode }) {
  return (
    <span className={tone ? `chip ${tone}` : 'chip'}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}
