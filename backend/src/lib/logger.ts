import { type DestinationStream, pino, stdSerializers } from 'pino';
import { databaseFailure } from './app_error';

/** What a service logs to: a child that names its component and, once known, the tenant. */
export type Logger = {
  child(bindings: Record<string, unknown>): Logger;
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

// Of a database error only what names a place in our schema: its detail, hint and context quote whole rows.
const errorFields = [
  'type',
  'message',
  'stack',
  'code',
  'severity',
  'schema',
  'table',
  'column',
  'constraint',
];

/** An error as it may stand in a log. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const known: [string, unknown][] = Object.entries(stdSerializers.err(error));
  // Class 22, data exceptions, quote in their very message what somebody typed; wrappers repeat it.
  const quotes = databaseFailure(error)?.code.startsWith('22');
  return Object.fromEntries(
    known.flatMap(([name, value]) => {
      if (!errorFields.includes(name)) return [];
      return [[name, quotes && typeof value === 'string' ? value.replace(/"[^"]*"/g, '"…"') : value]];
    }),
  );
}

/**
 * JSON lines on standard output. Cookies, keys and what people write are never among the fields.
 * @param destination where they go instead
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['*.password', '*.cookie', '*.authorization', '*.apiKey'],
    serializers: { err: describeError },
  };
  return destination ? pino(options, destination) : pino(options);
}
