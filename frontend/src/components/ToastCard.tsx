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
  const bar = useRef<HTMLSpanElement>(null);
  const clock = useRef<Animation | null>(null);
  const close = useRef(onClose);
  close.current = onClose;

  useEffect(() => {
    if (!lastsMs || !bar.current) return;
    // An animation rather than a timer, since it can be paused; it also runs where CSS motion is off.
    const running = bar.current.animate([{ width: '100%' }, { width: '0%' }], { duration: lastsMs });
    running.onfinish = () => close.current();
    clock.current = running;
    return () => running.cancel();
  }, [lastsMs]);

  const pause = () => clock.current?.pause();
  const resume = () => clock.current?.play();
  return (
    <div
      className={bad ? 'toast bad' : 'toast'}
      role={bad ? 'alert' : 'status'}
      onPointerEnter={pause}
      onPointerLeave={resume}
      onFocus={pause}
      onBlur={resume}
    >
      <Icon name={icon} />
      <span className="grow">{text}</span>
      {action && (
        <button type="button" className="btn small" onClick={action.onPress}>
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
