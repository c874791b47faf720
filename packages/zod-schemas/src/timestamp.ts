import { z } from 'zod';

/** Milliseconds since 1970, the only form of a moment outside PostgreSQL (`timestamptz` there). */
export const timestampNumber = z.int().nonnegative();

/** What every table carries; `deletedAt` is a tombstone that also removes the row from every browser. */
export const timestampsShape = { createdAt: timestampNumber, updatedAt: timestampNumber };
