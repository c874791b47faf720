import { liveQuery } from 'dexie';

/** What a live query says first that `fits`. */
export function untilLive<T>(read: () => Promise<T>, fits: (value: T) => boolean): Promise<T> {
  return new Promise((resolve, reject) => {
    const subscription = liveQuery(read).subscribe({
      next: (value) => {
        if (!fits(value)) return;
        resolve(value);
        // It may be said before `subscribe` has returned.
        queueMicrotask(() => subscription.unsubscribe());
      },
      error: reject,
    });
  });
}
