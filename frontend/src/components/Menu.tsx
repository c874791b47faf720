import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { Icon, type IconName } from './Icon';

/** A menu that opens under its one trigger; fill it with the items below. */
export function Menu({
  trigger,
  align = 'end',
  children,
}: {
  trigger: ReactElement;
  align?: 'start' | 'end';
  children: ReactNode;
}) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="dialog dropdown" align={align} sideOffset={6} collisionPadding={8}>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** One thing to do. */
export function MenuItem({
  icon,
  onSelect,
  tone,
  children,
}: {
  icon?: IconName;
  onSelect: () => void;
  tone?: 'alert';
  children: ReactNode;
}) {
  return (
    <Radix.Item className={tone ? `dropdown-item tone-${tone}` : 'dropdown-item'} onSelect={onSelect}>
      {icon && <Icon name={icon} />}
      <span className="grow">{children}</span>
    </Radix.Item>
  );
}

/** A choice of one among several, under a small heading. */
export function MenuChoice<V extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: V;
  options: readonly { value: V; label: string }[];
  onChange: (value: V) => void;
}) {
  return (
    <>
      <Radix.Label className="dropdown-label">{label}</Radix.Label>
      <Radix.RadioGroup value={value}>
        {options.map((option) => (
          <Radix.RadioItem
            key={option.value}
            className="dropdown-item"
            value={option.value}
            onSelect={(event) => {
              event.preventDefault(); // a choice is seen at once, so the menu stays open
              onChange(option.value);
            }}
          >
            <span className="dropdown-check">
              <Radix.ItemIndicator>
                <Icon name="check" />
              </Radix.ItemIndicator>
            </span>
            <span className="grow">{option.label}</span>
          </Radix.RadioItem>
        ))}
      </Radix.RadioGroup>
    </>
  );
}

export function MenuLine() {
  return <Radix.Separator className="dropdown-line" />;
}
