import { useEffect } from 'react';
import { useMe } from '../auth/me_context';
import { findTheme } from './find_theme';

/** Dresses the page in the colours of one's school, and tells its logo. */
export function useGroupTheme() {
  const { actor, groups } = useMe();
  const theme = findTheme(
    actor.groupRoles.map(({ groupId }) => groupId),
    groups,
  );
  const accent = theme.accent ?? 'scallion';
  useEffect(() => {
    document.documentElement.dataset.accent = accent;
    return () => {
      delete document.documentElement.dataset.accent;
    };
  }, [accent]);
  return theme;
}
