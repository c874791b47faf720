import { createContext, useContext } from 'react';
import type { LocalDb } from './local_db';

export const LocalDbContext = createContext<LocalDb | null>(null);

/** The database of the signed-in person; only below the sign-in page. */
export function useLocalDb(): LocalDb {
  const db = useContext(LocalDbContext);
  if (!db) throw new Error('useLocalDb stands behind the sign-in page');
  return db;
}
