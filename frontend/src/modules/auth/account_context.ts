import { createContext, useContext } from 'react';
import type { Account } from '../../api/auth';

/** Who is signed in on this device, and the two ways that changes. */
export type AccountState = {
  account: Account | null;
  /** read the stored account again, after signing in */
  refresh: () => void;
  /** ends the sign-in here and on the server, and empties this device of the account's rows */
  leave: () => Promise<void>;
};

export const AccountContext = createContext<AccountState>({
  account: null,
  refresh: () => undefined,
  leave: async () => undefined,
});

export function useAccountState(): AccountState {
  return useContext(AccountContext);
}

/** The signed-in account; only for what the router shows behind the sign-in page. */
export function useAccount(): Account {
  const { account } = useContext(AccountContext);
  if (!account) throw new Error('useAccount stands behind the sign-in page');
  return account;
}
