import { parseToolYaml } from '@raptscallions/tool-yaml/parse_tool_yaml';
import type { ToolVersion } from '@raptscallions/zod-schemas/tool.zod';

type Described = Pick<
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

/** What a row says of a tool. A draft that does not parse yet keeps what is known of it. */
export function describeTool(yaml: string, before: Described | undefined): Described {
  const parsed = parseToolYaml(yaml);
  if (parsed.ok) {
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
  if (before) return before;
  // A plain line is enough to call the draft by the name its author is typing.
  const name = /^name:[ \t]*["']?([^"'\r\n#]{1,100})/m.exec(yaml)?.[1]?.trim() || 'Untitled tool';
  return {
    name,
    slug: slugOf(name),
    version: '1.0.0',
    kind: 'chat',
    description: null,
    subject: null,
    maxMessages: null,
    inputSchema: null,
    outputSchema: null,
  };
}

/** What an author writes beside the shape of a result tells the AI what to do: a part of the prompt. */
function withoutNotes(key: string, value: unknown): unknown {
  const note = ['description', 'examples', 'default', '$comment'].includes(key) || key.startsWith('x-');
  return note && (typeof value !== 'object' || Array.isArray(value)) ? undefined : value;
}

/** `Essay Coach!` is `essay-coach`; a name without a Latin letter or digit is `tool`. */
function slugOf(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return (
    plain
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 100)
      .replace(/-+$/, '') || 'tool'
  );
}
