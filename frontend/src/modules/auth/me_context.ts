import { createContext, useContext } from 'react';
import type { Me } from './me.queries';

export const MeContext = createContext<Me | null>(null);

/** Who is signed in, with role, memberships and ability; inside the shell. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('useMe stands inside the shell');
  return me;
}

/** Classes the person teaches. */
export function useTaughtClassIds(): Me['actor']['classRoles'][number]['classId'][] {
  return useMe()
    .actor.classRoles.filter(({ role }) => role === 'teacher')
    .map(({ classId }) => classId);
}
