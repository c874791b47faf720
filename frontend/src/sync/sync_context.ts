import type { EditArgs, EditName } from '@raptscallions/zod-schemas/edit.zod';
import { createContext, useContext } from 'react';
import type { SyncEngine } from './sync_engine';

export const SyncContext = createContext<SyncEngine | null>(null);

/** The engine of the signed-in person; only below the sign-in page. */
export function useSync(): SyncEngine {
  const sync = useContext(SyncContext);
  if (!sync) throw new Error('useSync stands behind the sign-in page');
  return sync;
}

export type MakeEdit = <N extends EditName>(name: N, args: EditArgs<N>) => Promise<void>;

const makers = new WeakMap<SyncEngine, MakeEdit>();

/** Makes an edit; the promise resolves when it is stored on this device. The same function on every render. */
export function useEdit(): MakeEdit {
  const sync = useSync();
  const known = makers.get(sync);
  if (known) return known;
  const make: MakeEdit = (name, args) => sync.edit(name, args);
  makers.set(sync, make);
  return make;
}
