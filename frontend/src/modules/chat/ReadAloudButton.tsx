import { type RefObject, useEffect, useState } from 'react';
import { Icon } from '../../components/Icon';

/** Reads what stands in `box` with the voice of the system; a second press stops. Absent where there is none. */
export function ReadAloudButton({ box }: { box: RefObject<HTMLElement | null> }) {
  const [speaking, setSpeaking] = useState(false);
  useEffect(() => {
    if (!speaking) return;
    return () => speechSynthesis.cancel();
  }, [speaking]);
  if (!('speechSynthesis' in window)) return null;
  const toggle = () => {
    if (speaking) {
      setSpeaking(false);
      return;
    }
    // One voice at a time, also when another message was being read.
    speechSynthesis.cancel();
    const utterance = new SpeechSynthesisUtterance(spokenText(box.current));
    utterance.onend = () => setSpeaking(false);
    utterance.onerror = () => setSpeaking(false);
    setSpeaking(true);
    speechSynthesis.speak(utterance);
  };
  return (
    <button aria-pressed={speaking} className="btn quiet small" onClick={toggle} type="button">
      <Icon name={speaking ? 'stop' : 'play'} />
      {speaking ? 'Stop reading' : 'Read aloud'}
    </button>
  );
}

/** The words of a message without its buttons; a formula stands in the page twice, and is said once. */
function spokenText(box: HTMLElement | null): string {
  if (!box) return '';
  const copy = box.cloneNode(true) as HTMLElement;
  for (const element of copy.querySelectorAll('.katex-html, annotation, .codehead, .sr, .host'))
    element.remove();
  return copy.textContent?.replace(/\s+/g, ' ').trim() ?? '';
}
