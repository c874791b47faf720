import { z } from 'zod';

/**
 * The one vocabulary of failures. `status`: HTTP. `retry`: the same call may succeed later, so an outbox
 * keeps the entry. `report`: it is our fault, so it goes to the log as an error. `message`: what a person
 * reads when the service had nothing more exact to say.
 */
export const errorTable = {
  BAD_REQUEST: {
    status: 400,
    retry: false,
    report: false,
    message: 'Something in this request is not right.',
  },
  UNAUTHORIZED: { status: 401, retry: false, report: false, message: 'Please sign in to go on.' },
  FORBIDDEN: { status: 403, retry: false, report: false, message: 'You are not allowed to do this.' },
  NOT_FOUND: {
    status: 404,
    retry: false,
    report: false,
    message: 'This does not exist, or you cannot see it.',
  },
  CONFLICT: {
    status: 409,
    retry: false,
    report: false,
    message: 'This clashes with something that exists already.',
  },
  PAYLOAD_TOO_LARGE: { status: 413, retry: false, report: false, message: 'This is too large to send.' },
  RATE_LIMIT_EXCEEDED: {
    status: 429,
    retry: true,
    report: false,
    message: 'Too many requests. Try again in a moment.',
  },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    retry: true,
    report: true,
    message: 'The server could not do this. Nothing you wrote is lost.',
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    retry: true,
    report: false,
    message: 'The server is starting or its database is away. Try again in a moment.',
  },
} as const;

export const errorCode = z.enum(
  Object.keys(errorTable) as [keyof typeof errorTable, ...(keyof typeof errorTable)[]],
);
export type ErrorCode = z.infer<typeof errorCode>;

/** What every failed call answers with. `details` names the field or line, where there is one. */
export const ErrorZod = z.object({ error: z.string(), code: errorCode, details: z.unknown().optional() });
