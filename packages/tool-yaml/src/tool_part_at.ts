import { z } from 'zod';
import { ToolDefinitionZod, type ToolPart, toolParts } from './tool_definition';
import type { YamlPath } from './yaml_node';

/**
 * What may stand at a path of a tool. `keys` are those of a map, in the order they are best written;
 * `words` are all the values there are, where they can be counted.
 */
export type PartAt = ToolPart & { schema: z.ZodType; keys: string[]; words: string[] };

/** @returns undefined below what the tool's own schema describes, such as inside an input_schema */
export function toolPartAt(path: YamlPath): PartAt | undefined {
  let schema: z.ZodType | undefined = ToolDefinitionZod;
  for (const step of path) {
    if (schema instanceof z.ZodObject) schema = unwrap(schema.shape[step]);
    else if (schema instanceof z.ZodArray) schema = unwrap(schema.element);
    else return undefined;
  }
  const part = schema && toolParts.get(schema);
  if (!schema || !part) return undefined;
  const keys = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const words =
    schema instanceof z.ZodEnum
      ? schema.options.map(String)
      : schema instanceof z.ZodBoolean
        ? ['true', 'false']
        : [];
  return { ...part, schema, keys, words };
}

/** Optional and defaulted parts are described by what they hold. */
function unwrap(schema: unknown): z.ZodType | undefined {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault) {
    inner = inner.unwrap();
  }
  return inner instanceof z.ZodType ? inner : undefined;
}
