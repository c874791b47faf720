import type { ComponentProps } from 'react';
import { buttonClass } from './Button';
import { Icon, type IconName } from './Icon';
import { Tooltip } from './Tooltip';

/** A button that shows only a drawing; `label` is its name and its tooltip. */
export function IconButton({
  icon,
  label,
  small,
  className,
  ...rest
}: Omit<ComponentProps<'button'>, 'children'> & { icon: IconName; label: string; small?: boolean }) {
  return (
    <Tooltip text={label}>
      <button
        type="button"
        {...rest}
        className={buttonClass('quiet', small, ['icon', className].filter(Boolean).join(' '))}
        aria-label={label}
      >
        <Icon name={icon} />
      </button>
    </Tooltip>
  );
}
