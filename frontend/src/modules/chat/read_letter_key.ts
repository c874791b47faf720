import { isTyping } from '../../components/is_typing';
import { readLetterKeys } from '../settings/look';

/** The letter of a single-letter shortcut, or null when the key press is meant for something else. */
export function readLetterKey(event: KeyboardEvent): string | null {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return null;
  if (isTyping(event.target) || !readLetterKeys()) return null;
  if (document.querySelector('[role="dialog"], [role="menu"]')) return null;
  return event.key.toLowerCase();
}
