import { classId } from '@raptscallions/zod-schemas/class.zod';
import { groupId } from '@raptscallions/zod-schemas/group.zod';
import { z } from 'zod';
import { AppError } from './app_error';

const PlaceZod = z.object({
  limit: z.int().min(1).max(100),
  groupId: groupId.optional(),
  after: z.tuple([z.string(), classId]).optional(),
});
type Place = z.infer<typeof PlaceZod>;

/** A cursor holds the question it continues and the place it has reached. */
export function encodeListCursor(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** The question of a first page as it is, or that of a cursor. @throws AppError BAD_REQUEST for no cursor of ours */
export function decodeListCursor(input: Place | { cursor: string }): Place {
  if (!('cursor' in input)) return input;
  try {
    return PlaceZod.parse(JSON.parse(Buffer.from(input.cursor, 'base64url').toString('utf8')));
  } catch {
    throw new AppError('BAD_REQUEST', 'cursor: this is not a cursor of this list.');
  }
}
