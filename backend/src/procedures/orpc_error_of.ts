import { ORPCError } from '@orpc/server';
import { errorTable } from '@raptscallions/zod-schemas/error.zod';
import type { AppError } from '../lib/app_error';

/** A failure of our vocabulary as callers of procedures get it. */
export function orpcErrorOf({ code, message, details }: AppError): ORPCError<string, unknown> {
  return new ORPCError(code, { status: errorTable[code].status, message, data: { details } });
}
