import { pino } from 'pino';

/** What a service logs to: a child that names its component and, once known, the tenant. */
export type Logger = {
  child(bindings: Record<string, unknown>): Logger;
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

/** JSON lines on standard output. Cookies, keys and what people write are never among the fields. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['*.password', '*.cookie', '*.authorization', '*.apiKey'],
  });
}
