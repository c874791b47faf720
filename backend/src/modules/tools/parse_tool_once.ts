import { parseToolYaml } from '@raptscallions/tool-yaml/parse_tool_yaml';

const parsed = new Map<string, ReturnType<typeof parseToolYaml>>();
const mostKept = 200;

/** What a tool's YAML says; the text is read once, since a class asks the same tool all lesson long. */
export function parseToolOnce(yaml: string): ReturnType<typeof parseToolYaml> {
  const known = parsed.get(yaml);
  if (known) return known;
  const fresh = parseToolYaml(yaml);
  const [oldest] = parsed.keys();
  if (parsed.size >= mostKept && oldest !== undefined) parsed.delete(oldest);
  parsed.set(yaml, fresh);
  return fresh;
}
