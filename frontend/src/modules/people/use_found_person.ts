import type { User } from '@raptscallions/zod-schemas/user.zod';
import { useLiveQuery } from 'dexie-react-hooks';
import { fold } from '../../components/fold';
import { useLocalDb } from '../../local_db/local_db_context';

/** Somebody whose name has every word of `search`; null: nobody, or nothing was asked; undefined: still looking. */
export function useFoundPerson(search: string): User | null | undefined {
  const db = useLocalDb();
  return useLiveQuery(async () => {
    const words = fold(search).split(/\s+/).filter(Boolean);
    if (words.length === 0) return null;
    const users = await db.users.toArray();
    return users.find(({ name }) => words.every((word) => fold(name).includes(word))) ?? null;
  }, [db, search]);
}
