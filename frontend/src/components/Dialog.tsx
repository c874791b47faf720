import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { IconButton } from './IconButton';

/**
 * The first field takes the focus, rather than the button that closes. Under a finger nothing does: the
 * keyboard would cover half of what has just been opened.
 */
function focusFirstField(event: Event): void {
  if (!(event.target instanceof HTMLElement)) return;
  event.preventDefault();
  const coarse = window.matchMedia('(pointer: coarse)').matches;
  const field = coarse ? null : event.target.querySelector<HTMLElement>('input, textarea, select');
  (field ?? event.target).focus();
}

/** Toasts offer to undo what was just done in a dialog: pressing one is not leaving it. */
function isInToast(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-sonner-toaster]') !== null;
}

/** A question that must be answered before going on. Focus stays inside; Esc closes and gives it back. */
export function Dialog({
  open,
  onClose,
  title,
  description,
  children,
  wide,
}: {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: string;
  children: ReactNode;
  wide?: boolean;
}) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content
          className={wide ? 'dialog modal wide' : 'dialog modal'}
          onInteractOutside={(event) => {
            if (isInToast(event.detail.originalEvent.target)) event.preventDefault();
          }}
          onOpenAutoFocus={focusFirstField}
          {...(description ? {} : { 'aria-describedby': undefined })}
        >
          <header className="dialog-head">
            <div className="grow">
              <Radix.Title>{title}</Radix.Title>
              {description && <Radix.Description className="small soft">{description}</Radix.Description>}
            </div>
            <Radix.Close asChild>
              <IconButton icon="x" label="Close" small />
            </Radix.Close>
          </header>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
