import { useEffect } from 'react';
import { Toaster as Sonner } from 'sonner';
import { isTyping } from './is_typing';
import { undoNewest } from './toast';

/** Where toasts appear, and the listener that makes Ctrl Z undo outside text fields. */
export function Toaster() {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'z' || event.shiftKey || !(event.ctrlKey || event.metaKey)) return;
      if (!isTyping(event.target) && undoNewest()) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <Sonner
      position="bottom-right"
      expand
      visibleToasts={4}
      gap={8}
      offset={16}
      mobileOffset={{ bottom: 72, left: 12, right: 12 }}
      containerAriaLabel="Messages"
      toastOptions={{ unstyled: true, className: 'toast-place' }}
    />
  );
}
