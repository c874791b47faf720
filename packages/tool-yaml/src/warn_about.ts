import type { ToolDefinition } from './tool_definition';
import type { Finding } from './tool_problem';
import { findNode, type YamlMap, type YamlPath } from './yaml_node';

/** `[subject]`, `[your guidelines here]`: words in brackets that are no link. */
const gap = /\[[\p{L}][\p{L}\d ,.'’-]{2,60}\](?!\()/gu;
const most = 20;

/** What a tool may well have, but its author will want to know of. */
export function warnAbout(tool: ToolDefinition, root: YamlMap, text: string): Finding[] {
  return [
    ...findGaps(root, text),
    ...findCutText(tool, root, text),
    ...findRepeats(tool, root),
    ...findAbsentModules(tool, root),
  ].slice(0, most);
}

function warning(root: YamlMap, path: YamlPath, code: string, message: string): Finding {
  const { from, to } = findNode(root, path).node;
  return { severity: 'warning', from, to, path, code, message };
}

function findGaps(root: YamlMap, text: string): Finding[] {
  const { node } = findNode(root, ['behavior']);
  const found = [...text.slice(node.from, node.to).matchAll(gap)].slice(0, most);
  return found.map(({ 0: words, index }) => ({
    severity: 'warning',
    from: node.from + index,
    to: node.from + index + words.length,
    path: ['behavior'],
    code: 'gap',
    message: `${words} looks like a gap that is still to be filled in.`,
  }));
}

/** `Ask about #1`: unquoted, the text ends before the `#`, and nobody is told. */
function findCutText({ tests }: ToolDefinition, root: YamlMap, text: string): Finding[] {
  const paths = [
    ['behavior'],
    ['meta', 'description'],
    ...tests.map((_, index) => ['tests', index, 'input']),
  ];
  return paths.flatMap((path): Finding[] => {
    const { node, complete } = findNode(root, path);
    const comment = /^[ \t]+(#[^\s#][^\r\n]*)/.exec(text.slice(node.to, node.to + 200));
    if (!complete || node.kind !== 'scalar' || !node.plain || !comment?.[1]) return [];
    const from = node.to + comment[0].length - comment[1].length;
    const message = 'From # on this is a comment, not part of the text. Put the text in quotes to keep it.';
    return [{ severity: 'warning', from, to: from + comment[1].length, path, code: 'cut_text', message }];
  });
}

function findRepeats({ tests, constraints }: ToolDefinition, root: YamlMap): Finding[] {
  const names = repeatsIn(tests.map((test) => test.name)).map((index) =>
    warning(root, ['tests', index, 'name'], 'repeated_test', 'Another test has this name already.'),
  );
  const topics = repeatsIn(constraints.topics).map((index) =>
    warning(root, ['constraints', 'topics', index], 'repeated_topic', 'This topic is in the list already.'),
  );
  return [...names, ...topics];
}

function repeatsIn(names: string[]): number[] {
  const seen = new Set<string>();
  return names.flatMap((name, index) => {
    const plain = name.trim().toLowerCase();
    if (seen.has(plain)) return [index];
    seen.add(plain);
    return [];
  });
}

/** A test that waits for a module the tool does not use can only fail. */
function findAbsentModules({ tests, modules }: ToolDefinition, root: YamlMap): Finding[] {
  return tests.flatMap(({ expect }, index) => {
    const module = expect.blocked_by;
    if (!module || modules.includes(module)) return [];
    const message = `${module} is not among the modules of this tool, so this test cannot pass.`;
    return [warning(root, ['tests', index, 'expect', 'blocked_by'], 'absent_module', message)];
  });
}
