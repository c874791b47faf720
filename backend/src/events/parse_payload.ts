import type { z } from 'zod';
import type { InputSchema } from './define_task';
import { PermanentTaskError } from './permanent_task_error';

/**
 * What the handler gets. The schema may have changed since the row was written, and anybody with access to the
 * table may have written it.
 * @throws PermanentTaskError naming the fields, never their values: the log is read by other people than the data
 */
export function parsePayload<S extends InputSchema>(schema: S, payload: unknown): z.output<S> {
  const read = schema.safeParse(payload);
  if (read.success) return read.data;
  const places = read.error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.code}`);
  throw new PermanentTaskError('invalid_input', places.join(', '));
}
