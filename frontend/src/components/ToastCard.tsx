import { useEffect, useRef } from 'react';
import { Icon, type IconName } from './Icon';

/** One toast. The bar at its foot is the clock: pointer or focus pause it, its end closes the toast. */
export function ToastCard({
  icon,
  text,
  bad,
  action,
  undo,
  lastsMs,
  onClose,
}: {
  icon: IconName;
  text: string;
  bad?: boolean;
  action?: { label: string; onPress: () => void };
  undo?: boolean;
  lastsMs?: number;
  onClose: () => void;
}) {
  const card = useRef<HTMLDivElement>(null);
  const bar = useRef<HTMLSpanElement>(null);
  const close = useRef(onClose);
  close.current = onClose;

  useEffect(() => {
    const element = card.current;
    if (!lastsMs || !bar.current || !element) return;
    // An animation rather than a timer, since it can be paused; it also runs where CSS motion is off.
    const clock = bar.current.animate([{ width: '100%' }, { width: '0%' }], { duration: lastsMs });
    const done = new AbortController();
    const { signal } = done;
    clock.onfinish = () => close.current();
    for (const held of ['pointerenter', 'focusin']) {
      element.addEventListener(held, () => clock.pause(), { signal });
    }
    for (const freed of ['pointerleave', 'focusout']) {
      element.addEventListener(freed, () => clock.play(), { signal });
    }
    return () => {
      done.abort();
      clock.cancel();
    };
  }, [lastsMs]);

  return (
    <div className={bad ? 'toast bad' : 'toast'} role={bad ? 'alert' : 'status'} ref={card}>
      <Icon name={icon} />
      <span className="grow">{text}</span>
      {action && (
        <button
          type="button"
          className="btn small"
          onClick={() => {
            action.onPress();
            onClose();
          }}
        >
          {undo && <Icon name="undo" />}
          {action.label}
          {undo && <kbd className="hide-s">Ctrl Z</kbd>}
        </button>
      )}
      <button type="button" className="btn quiet icon small" aria-label="Dismiss" onClick={onClose}>
        <Icon name="x" />
      </button>
      {lastsMs && <span className={undo ? 'time' : 'time unseen'} ref={bar} />}
    </div>
  );
}
