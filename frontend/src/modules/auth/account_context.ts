import { createContext, useContext } from 'react';
import type { Account } from '../../api/auth';

/** Who is signed in on this device, and the way out. */
export type AccountState = {
  account: Account;
  /**
   * Ends the sign-in here and on the server, and empties this device of what the person could see.
   * @param unsent whether edits that still wait stay here, locked, until the same person signs in again
   * @returns false when they should be kept and cannot be locked, or find no room: nothing was done
   */
  leave: (unsent: 'keep' | 'discard') => Promise<boolean>;
  /** The same when nobody is there to be asked: what can be neither sent nor locked waits behind the sign-in page. */
  stepAway: () => Promise<void>;
};

export const AccountContext = createContext<AccountState | null>(null);

/** Only for what the router shows behind the sign-in page. */
export function useAccount(): AccountState {
  const state = useContext(AccountContext);
  if (!state) throw new Error('useAccount stands behind the sign-in page');
  return state;
}
