import { type ErrorCode, errorTable } from '@raptscallions/zod-schemas/error.zod';

/** What a service throws when it will not do a thing: a code of the vocabulary and a sentence for a person. */
export class AppError extends Error {
  override name = 'AppError';

  constructor(
    readonly code: ErrorCode,
    message: string = errorTable[code].message,
    readonly details?: unknown,
  ) {
    super(message);
  }
}

type DatabaseFailure = { code: string; constraint?: string | undefined };

/** The SQLSTATE of whatever the database layers threw, looking through wrappers; undefined for other errors. */
export function databaseFailure(error: unknown, depth = 0): DatabaseFailure | undefined {
  if (typeof error !== 'object' || error === null || depth > 4) return undefined;
  if ('code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$|^E[A-Z]+$/.test(error.code)) {
    const constraint =
      'constraint' in error && typeof error.constraint === 'string' ? error.constraint : undefined;
    return { code: error.code, constraint };
  }
  return 'cause' in error ? databaseFailure(error.cause, depth + 1) : undefined;
}

/** The same call may succeed at once when repeated: the database chose this transaction to give way. */
export function isSerializationFailure(error: unknown): boolean {
  const code = databaseFailure(error)?.code;
  return code === '40001' || code === '40P01';
}

const away = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  '57P01',
  '57P02',
  '57P03',
  '53300',
]);

/** Whether the database is away or going, rather than answering no. */
export function isDatabaseAway(error: unknown): boolean {
  const code = databaseFailure(error)?.code;
  if (code && (away.has(code) || code.startsWith('08'))) return true;
  return (
    error instanceof Error &&
    /Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client was closed|is not queryable/.test(
      error.message,
    )
  );
}

/** Any failure as one of the vocabulary; what we did not foresee is INTERNAL_SERVER_ERROR without its words. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isDatabaseAway(error)) return new AppError('SERVICE_UNAVAILABLE');
  if (isSerializationFailure(error)) return new AppError('SERVICE_UNAVAILABLE');
  switch (databaseFailure(error)?.code) {
    case '57014':
      return new AppError(
        'SERVICE_UNAVAILABLE',
        'This took the database too long, so it was stopped. Try again, or ask for less at once.',
        { reason: 'timeout' },
      );
    case '23505':
      return new AppError('CONFLICT', 'Something with this name or id exists already.');
    case '23503':
      return new AppError('NOT_FOUND');
    case '22021':
    case '22P05':
      return new AppError('BAD_REQUEST', 'The text holds a character that cannot be stored.');
    default:
      return new AppError('INTERNAL_SERVER_ERROR');
  }
}
