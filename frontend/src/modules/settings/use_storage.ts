import { useEffect, useState } from 'react';

export type StorageState = { used: number; quota: number; protectedHere: boolean };

/** What the browser says about this site's storage, in bytes; null where it does not say. */
export function useStorage(changed: unknown): StorageState | null {
  const [state, setState] = useState<StorageState | null>(null);
  useEffect(() => {
    let left = false;
    async function read() {
      const estimate = await navigator.storage?.estimate?.();
      const protectedHere = (await navigator.storage?.persisted?.()) ?? false;
      if (left || estimate?.usage === undefined || estimate.quota === undefined) return;
      setState({ used: estimate.usage, quota: estimate.quota, protectedHere });
    }
    void read();
    return () => {
      left = true;
    };
  }, [changed]);
  return state;
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
