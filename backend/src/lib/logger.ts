import { isSpanContextValid, trace } from '@opentelemetry/api';
import { type DestinationStream, type LoggerOptions, pino, stdSerializers } from 'pino';
import { databaseFailure } from './app_error';
import type { ReportError } from './error_reports';

/** What a service logs to: a child that names its component and, once known, the tenant. */
export type Logger = {
  child(bindings: Record<string, unknown>): Logger;
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

/** pino's number for `error` */
const errorSeverity = 50;

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
  return error instanceof Error ? Object.fromEntries(fieldsOf(error)) : error;
}

function fieldsOf(error: Error): [string, unknown][] {
  const known: [string, unknown][] = Object.entries(stdSerializers.err(error));
  const fields = known.filter(([name]) => errorFields.includes(name));
  if (error instanceof AggregateError) fields.push(['errors', error.errors.map(describeError)]);
  const code = databaseFailure(error)?.code;
  if (!code?.startsWith('22')) return fields;
  // Class 22, data exceptions, quote in their very message what somebody typed, in the marks of the database's
  // language; wrappers repeat it.
  const without = { message: `the database refused a value (${code})`, stack: placesOf(error) };
  return Object.entries({ ...Object.fromEntries(fields), ...without });
}

/** The lines of a stack below the message, which has as many lines as somebody typed; none where it is not found. */
function placesOf({ stack = '', message }: Error): string {
  const at = message === '' ? -1 : stack.indexOf(message);
  return at < 0 ? '' : stack.slice(at + message.length).trimStart();
}

/**
 * JSON lines on standard output. Cookies, keys and what people write are never among the fields.
 * @param destination where they go instead
 * @param report is told of every error that is logged as one, in the same reduced form
 */
export function createLogger(
  level: string,
  { destination, report }: { destination?: DestinationStream; report?: ReportError | null } = {},
): Logger {
  const options: LoggerOptions = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['*.password', '*.cookie', '*.authorization', '*.apiKey'],
    serializers: { err: describeError },
    mixin: traceFields,
    hooks: {
      logMethod(args, method, severity) {
        method.apply(this, args);
        if (report && severity >= errorSeverity) reportLogged(report, args);
      },
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Joins a line to the trace it was written in. */
function traceFields(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? { traceId: span.traceId, spanId: span.spanId } : {};
}

function reportLogged(report: ReportError, [fields, message]: unknown[]): void {
  if (typeof fields !== 'object' || fields === null || !('err' in fields)) return;
  if (!(fields.err instanceof Error)) return;
  const { message: reduced, ...rest } = Object.fromEntries(fieldsOf(fields.err));
  const error = new Error(String(reduced), { cause: undefined });
  error.name = String(rest.type);
  error.stack = typeof rest.stack === 'string' ? rest.stack : undefined;
  const { code, schema, table, column, constraint } = rest;
  report(error, { message, code, schema, table, column, constraint });
}
