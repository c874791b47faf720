import { createContext, useContext } from 'react';
import type { Me } from './me.queries';
import type { Ability } from './use_ability';

export const MeContext = createContext<{ me: Me; ability: Ability } | null>(null);

/** The signed-in person as the synced rows describe them. */
export function useMe(): Me {
  const value = useContext(MeContext);
  if (!value) throw new Error('useMe stands inside the shell');
  return value.me;
}

/** What the signed-in person may do; asked about a row, never about a kind of row. */
export function useAbility(): Ability {
  const value = useContext(MeContext);
  if (!value) throw new Error('useAbility stands inside the shell');
  return value.ability;
}
