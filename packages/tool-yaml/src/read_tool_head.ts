import type { ToolVersion } from '@raptscallions/zod-schemas/tool.zod';
import { parseToolYaml } from './parse_tool_yaml';

/** What a row says of a tool. */
export type ToolHead = Pick<
  ToolVersion,
  | 'name'
  | 'slug'
  | 'version'
  | 'kind'
  | 'description'
  | 'subject'
  | 'maxMessages'
  | 'inputSchema'
  | 'outputSchema'
>;

/** What lists and forms show of a tool's text; null when it has errors. */
export function readToolHead(yaml: string): ToolHead | null {
  const parsed = parseToolYaml(yaml);
  if (!parsed.ok) return null;
  const { name, version, type, meta, constraints, input_schema, output_schema } = parsed.tool;
  return {
    name,
    slug: slugOf(name),
    version,
    kind: type,
    description: meta?.description ?? null,
    subject: meta?.subject ?? null,
    maxMessages: constraints?.max_messages ?? null,
    inputSchema: input_schema ? JSON.stringify(input_schema) : null,
    outputSchema: output_schema ? JSON.stringify(output_schema, withoutNotes) : null,
  };
}

/** What an author writes beside the shape of a result tells the AI what to do: a part of the prompt. */
function withoutNotes(key: string, value: unknown): unknown {
  const note = ['description', 'examples', 'default', '$comment'].includes(key) || key.startsWith('x-');
  return note && (typeof value !== 'object' || Array.isArray(value)) ? undefined : value;
}

/** `Essay Coach!` is `essay-coach`; a name without a Latin letter or digit is `tool`. */
export function slugOf(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return (
    plain
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 100)
      .replace(/-+$/, '') || 'tool'
  );
}
