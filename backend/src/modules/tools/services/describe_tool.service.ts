import { parseToolYaml } from '@raptscallions/tool-yaml/parse_tool_yaml';
import type { ToolVersion } from '@raptscallions/zod-schemas/tool.zod';

type Described = Pick<
  ToolVersion,
  'name' | 'slug' | 'version' | 'kind' | 'description' | 'subject' | 'maxMessages'
>;

/** What a row says of a tool. A draft that does not parse yet keeps what is known of it. */
export function describeTool(yaml: string, before: Described | undefined): Described {
  const parsed = parseToolYaml(yaml);
  if (parsed.ok) {
    const { name, version, type, meta, constraints } = parsed.tool;
    return {
      name,
      slug: slugOf(name),
      version,
      kind: type,
      description: meta?.description ?? null,
      subject: meta?.subject ?? null,
      maxMessages: constraints?.max_messages ?? null,
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
  };
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
