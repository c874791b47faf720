import { z } from 'zod';
import { richId } from './rich_id';
import { timestampNumber } from './timestamp';
import { userId } from './user.zod';

export const erasureId = richId('erasure');

export const ExportPersonInputZod = z.object({ userId });

/** Everything that is stored about one person, table by table, in the database's own words. */
export const PersonExportZod = z.object({
  __type: z.literal('PersonExport'),
  userId,
  exportedAt: timestampNumber,
  tables: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
});
export type PersonExport = z.infer<typeof PersonExportZod>;

export const ErasePersonInputZod = z.object({ userId });

/** The receipt: that it was done, when, and how many rows of which table; not whose they were. */
export const ErasureZod = z.object({
  __type: z.literal('Erasure'),
  erasureId,
  erasedAt: timestampNumber,
  /** SHA-256 of the person's id: whoever kept the id can check the receipt, and nobody else learns it */
  personHash: z.string(),
  counts: z.record(z.string(), z.number()),
});
export type Erasure = z.infer<typeof ErasureZod>;
