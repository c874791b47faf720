import { createContext, useContext } from 'react';
import type { Account } from '../../api/auth';

/** Who is signed in on this device, and the way out. */
export type AccountState = {
  account: Account;
  /** ends the sign-in here and on the server, and empties this device of the account's rows */
  leave: () => Promise<void>;
};

export const AccountContext = createContext<AccountState | null>(null);

/** Only for what the router shows behind the sign-in page. */
export function useAccount(): AccountState {
  const state = useContext(AccountContext);
  if (!state) throw new Error('useAccount stands behind the sign-in page');
  return state;
}
