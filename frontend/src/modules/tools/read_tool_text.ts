import { parseToolYaml } from '@raptscallions/tool-yaml/parse_tool_yaml';
import type { ToolVersion } from '@raptscallions/zod-schemas/tool.zod';

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

/** Why the server would not take this text; empty when it would. Warnings do not count. */
export function isSendable(yaml: string): boolean {
  return yaml.trim() !== '' && parseToolYaml(yaml).ok;
}

/** "Essay Coach 2" as "essay-coach-2"; what is left empty (another script) gets a word that is never empty. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 100)
    .replace(/-+$/, '');
  return slug || 'tool';
}

/** What lists show of a text, until the server's own reading of it arrives; null when it has errors. */
export function readToolHead(yaml: string): ToolHead | null {
  const parsed = parseToolYaml(yaml);
  if (!parsed.ok) return null;
  const { name, type, version, constraints, meta, input_schema, output_schema } = parsed.tool;
  return {
    name,
    slug: slugOf(name),
    version,
    kind: type,
    description: meta?.description ?? null,
    subject: meta?.subject ?? null,
    maxMessages: constraints?.max_messages ?? null,
    inputSchema: input_schema ? JSON.stringify(input_schema) : null,
    outputSchema: output_schema ? JSON.stringify(output_schema) : null,
  };
}
