import type { z } from 'zod';
import { AppError } from './app_error';

/** A cursor holds the question it continues and the place it has reached. */
export function encodeListCursor(place: object): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** The question of a first page as it is, or that of a cursor. @throws AppError BAD_REQUEST for no cursor of ours */
export function decodeListCursor<Place extends object>(
  schema: z.ZodType<Place>,
  input: NoInfer<Place> | { cursor: string },
): Place {
  if (!('cursor' in input)) return input;
  try {
    return schema.parse(JSON.parse(Buffer.from(input.cursor, 'base64url').toString('utf8')));
  } catch {
    throw new AppError('BAD_REQUEST', 'cursor: this is not a cursor of this list.');
  }
}
