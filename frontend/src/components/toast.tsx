import { toast as sonner } from 'sonner';
import type { IconName } from './Icon';
import { ToastCard } from './ToastCard';

type ToastAction = { label: string; onPress: () => void };

/** How long an offer to undo stands, ms; it stops counting under the pointer and the focus. */
const undoMs = 10_000;
const noteMs = 6_000;

const undoable: { id: string | number; undo: () => void }[] = [];

function forget(id: string | number): void {
  const at = undoable.findIndex((entry) => entry.id === id);
  if (at >= 0) undoable.splice(at, 1);
  sonner.dismiss(id);
}

/** A short note that goes by itself. */
export function toastNote(text: string, icon: IconName = 'check', action?: ToastAction): void {
  sonner.custom(
    (id) => (
      <ToastCard
        icon={icon}
        text={text}
        action={action}
        lastsMs={noteMs}
        onClose={() => sonner.dismiss(id)}
      />
    ),
    { duration: Number.POSITIVE_INFINITY },
  );
}

/** Something was done at once and can be taken back for ten seconds, by the button or Ctrl Z. */
export function toastUndo(text: string, icon: IconName, undo: () => void): void {
  const id = sonner.custom(
    (toastId) => (
      <ToastCard
        icon={icon}
        text={text}
        action={{
          label: 'Undo',
          onPress: () => {
            forget(toastId);
            undo();
          },
        }}
        undo
        lastsMs={undoMs}
        onClose={() => forget(toastId)}
      />
    ),
    { duration: Number.POSITIVE_INFINITY },
  );
  undoable.push({ id, undo });
}

/** Something new that can wait: it stays until it is pressed or closed. */
export function toastNew(text: string, action: ToastAction): void {
  sonner.custom(
    (id) => <ToastCard icon="refresh" text={text} action={action} onClose={() => sonner.dismiss(id)} />,
    { duration: Number.POSITIVE_INFINITY },
  );
}

/** A refusal: it stays until it is closed. */
export function toastRefused(text: string, action?: ToastAction): void {
  sonner.custom(
    (id) => <ToastCard icon="warn" bad text={text} action={action} onClose={() => sonner.dismiss(id)} />,
    { duration: Number.POSITIVE_INFINITY },
  );
}

/** Takes back the newest thing whose offer still stands. @returns whether there was one */
export function undoNewest(): boolean {
  const newest = undoable.at(-1);
  if (!newest) return false;
  forget(newest.id);
  newest.undo();
  return true;
}
