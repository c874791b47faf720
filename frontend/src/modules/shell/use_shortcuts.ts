import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { isTyping } from '../../components/is_typing';
import { readLetterKeys } from '../settings/look';

/** How long after G the second letter still counts, ms. */
const chordMs = 1_200;

/** Ctrl K everywhere; `?` and the G chords outside text fields, unless they are switched off. */
export function useShortcuts(openPalette: () => void): void {
  const navigate = useNavigate();
  useEffect(() => {
    let goUntil = 0;
    const onKey = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase();
      if (key === 'k' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        openPalette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !readLetterKeys())
        return;
      if (document.querySelector('[role=dialog], [role=menu]')) return;
      if (key === '?') void navigate({ to: '/help' });
      if (event.timeStamp < goUntil) {
        goUntil = 0;
        if (key === 'h') void navigate({ to: '/' });
        if (key === 'c') void navigate({ to: '/classes' });
        if (key === 't') void navigate({ to: '/tools' });
        if (key === 'd') void navigate({ to: '/device' });
      } else if (key === 'g') {
        goUntil = event.timeStamp + chordMs;
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate, openPalette]);
}
