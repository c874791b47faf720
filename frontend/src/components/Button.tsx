import { type ComponentProps, useId } from 'react';
import { Icon, type IconName } from './Icon';

export type ButtonLook = 'primary' | 'danger' | 'ink' | 'quiet';

/** The classes of a button, also for links that look like one. */
export function buttonClass(look?: ButtonLook, small?: boolean, extra?: string): string {
  return ['btn', look, small && 'small', extra].filter(Boolean).join(' ');
}

type ButtonProps = Omit<ComponentProps<'button'>, 'disabled'> & {
  /** one `primary` per view; `danger` only destroys; `ink` answers an alert */
  look?: ButtonLook;
  small?: boolean;
  icon?: IconName;
  /**
   * Why it cannot be pressed now. The button stays focusable, is announced as disabled and is linked with
   * this sentence, which stands beside it unless `reasonId` names an element that says it already.
   */
  blockedBecause?: string | null;
  reasonId?: string;
};

/** A button with a word. For one that shows only a drawing see `IconButton`. */
export function Button({
  look,
  small,
  icon,
  blockedBecause,
  reasonId,
  className,
  children,
  onClick,
  type = 'button',
  ...rest
}: ButtonProps) {
  const ownId = useId();
  const blocked = Boolean(blockedBecause);
  const button = (
    <button
      {...rest}
      type={blocked ? 'button' : type}
      className={buttonClass(look, small, className)}
      aria-disabled={blocked || undefined}
      aria-describedby={blocked ? (reasonId ?? ownId) : rest['aria-describedby']}
      onClick={blocked ? (event) => event.preventDefault() : onClick}
    >
      {(blocked || icon) && <Icon name={blocked ? 'lock' : (icon ?? 'lock')} />}
      {children}
    </button>
  );
  if (!blocked || reasonId) return button;
  return (
    <span className="blocked">
      {button}
      <span className="small soft" id={ownId}>
        {blockedBecause}
      </span>
    </span>
  );
}
