import type { JsonSchema } from '@raptscallions/tool-yaml/check_value';
import { z } from 'zod';

const SchemaZod = z.record(z.string(), z.unknown());

/** A schema out of its column, which keeps it as text for the order of its fields; null when there is none. */
export function readSchema(text: string | null): JsonSchema | null {
  return text === null ? null : SchemaZod.parse(JSON.parse(text));
}
