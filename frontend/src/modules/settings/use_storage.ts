import { useLiveQuery } from 'dexie-react-hooks';

export type StorageState = { used: number; quota: number; protectedHere: boolean };

async function readStorage(): Promise<StorageState | null> {
  const estimate = await navigator.storage?.estimate?.();
  if (estimate?.usage === undefined || estimate.quota === undefined) return null;
  const protectedHere = (await navigator.storage.persisted?.()) ?? false;
  return { used: estimate.usage, quota: estimate.quota, protectedHere };
}

/** What the browser says about this site's storage, in bytes; null where it does not say. Read again with `changed`. */
export function useStorage(changed: unknown): StorageState | null {
  return useLiveQuery(readStorage, [changed]) ?? null;
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** "18.4 MB" in the browser's language. */
export function formatBytes(bytes: number): string {
  const step = bytes > 0 ? Math.min(3, Math.floor(Math.log10(bytes) / 3)) : 0;
  return new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit: units[step],
    unitDisplay: 'short',
    maximumFractionDigits: 1,
  }).format(bytes / 1000 ** step);
}
