import { readToolHead, slugOf, type ToolHead } from '@raptscallions/tool-yaml/read_tool_head';

/** What a row says of a tool. A draft that does not parse yet keeps what is known of it. */
export function describeTool(yaml: string, before: ToolHead | undefined): ToolHead {
  const head = readToolHead(yaml) ?? before;
  if (head) return head;
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
