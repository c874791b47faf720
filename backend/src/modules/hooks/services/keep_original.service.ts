import type { DecidingHook } from '@raptscallions/zod-schemas/hook.zod';
import type { JsonGroup } from '@raptscallions/zod-schemas/product.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../../db/db';
import { toStorableText } from '../../../events/storable_text';

/** What a module held back, and why. */
export type HeldBack = {
  hook: DecidingHook;
  module: string;
  reason: string | null;
  /** a text, or the values of a form or its result */
  original: string | JsonGroup;
};

/** Keeps what was held back where administrators only read it, in the open transaction, which ends the run. */
export async function keepOriginal(
  db: Db,
  { tenantId, runId, attempt }: { tenantId: TenantId; runId: RichId<'run'>; attempt: number },
  { original, ...held }: HeldBack,
): Promise<void> {
  // Nobody but the gate has read a broken answer yet.
  const storable = typeof original === 'string' ? toStorableText(original) : original;
  await db.runOriginals
    .create({ tenantId, runId, attempt, ...held, original: storable })
    .onConflictDoNothing(['tenantId', 'runId', 'attempt', 'hook']);
}
