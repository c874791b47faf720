import type { ProductResult } from '@raptscallions/zod-schemas/product.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { useEffect, useRef, useState } from 'react';
import { useEdit } from '../../sync/sync_context';

/**
 * Records that somebody else's result was opened, once per opening, also while offline.
 * @param runId null: nothing to record, as for one's own
 * @returns whether it stands in this device's outbox at least; nothing is shown before that
 */
export function useRecordResultView(runId: ProductResult['runId'] | null): boolean {
  const edit = useEdit();
  const opened = useRef<string | null>(null);
  const [recorded, setRecorded] = useState<string | null>(null);
  useEffect(() => {
    // React runs effects twice in development; that is still one opening.
    if (runId === null || opened.current === runId) return;
    opened.current = runId;
    const viewedAt = Date.now();
    edit('products.recordView', { productViewId: newId('productview'), runId, viewedAt }).then(
      () => setRecorded(runId),
      () => {
        opened.current = null;
      },
    );
  }, [runId, edit]);
  return runId === null || recorded === runId;
}
