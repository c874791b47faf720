import { explainIssue } from './explain_issue';
import { limits } from './limits';
import { LineIndex } from './line_index';
import { readYaml } from './read_yaml';
import { type ToolDefinition, ToolDefinitionZod } from './tool_definition';
import type { Finding, ToolProblem } from './tool_problem';
import { warnAbout } from './warn_about';
import { findNode, plainValueOf, type YamlMap } from './yaml_node';

export type ToolYamlResult =
  | { ok: true; tool: ToolDefinition; warnings: ToolProblem[] }
  | { ok: false; problems: ToolProblem[] };

/**
 * Reads the YAML of a tool as its author typed it, on the server and in the editor alike.
 * Every problem says its line and column, in reading order, with a fix where one is certain.
 * Safe with any text: it never throws, and 64 kB of the worst cost some milliseconds.
 */
export function parseToolYaml(text: string): ToolYamlResult {
  // Beyond the limit nothing is looked at, so nothing is counted either.
  const lines = new LineIndex(text.slice(0, limits.bytes + 1));
  const { root, findings } = readYaml(text, lines);
  if (!root) {
    const empty = findings.length === 0 && emptyTool;
    return { ok: false, problems: problemsOf(empty ? [empty] : findings, text, lines) };
  }
  if (root.kind !== 'map') {
    const finding =
      root.kind === 'scalar' && root.empty ? emptyTool : { ...noMap, from: root.from, to: root.to };
    return { ok: false, problems: problemsOf([...findings, finding], text, lines) };
  }
  const value = plainValueOf(root);
  const parsed = ToolDefinitionZod.safeParse(value);
  const issues = parsed.success ? [] : parsed.error.issues.flatMap((issue) => explainIssue(issue, root));
  const all = [...findings, ...issues, ...checkKind(root)];
  if (!parsed.success || all.length > 0) {
    return { ok: false, problems: problemsOf(withoutFollowers(all), text, lines) };
  }
  return {
    ok: true,
    tool: parsed.data,
    warnings: problemsOf(warnAbout(parsed.data, root, text), text, lines),
  };
}

const emptyTool: Finding = {
  from: 0,
  to: 1,
  code: 'empty',
  message: 'Nothing is here yet. A tool needs a name, a type and a behavior.',
};
const noMap = {
  code: 'no_map',
  message: 'A tool is a list of keys, one to a line, such as “name: Essay Coach”.',
};

/** A product needs the shapes of its form and its result; a chat has neither. */
function checkKind(root: YamlMap): Finding[] {
  const { node: type, complete } = findNode(root, ['type']);
  if (!complete || type.kind !== 'scalar') return [];
  return ['input_schema', 'output_schema'].flatMap((key): Finding[] => {
    const place = findNode(root, [key]);
    if (type.value === 'product' && !place.complete) {
      const message = `${key} is missing. A product needs both input_schema and output_schema.`;
      return [{ from: type.from, to: type.to, path: [key], code: 'missing_key', message }];
    }
    if (type.value === 'chat' && place.complete && place.entry) {
      const { keyFrom: from, keyTo: to } = place.entry;
      const message = `Only a product has ${key}. Delete it, or write “type: product”.`;
      return [{ from, to, path: [key], code: 'wrong_kind', message }];
    }
    return [];
  });
}

/** One sentence for one mistake: several checks of a value are one problem, and a misspelt key is not missing too. */
function withoutFollowers(findings: Finding[]): Finding[] {
  const seen = new Set<string>();
  const renamed = new Set(
    findings
      .filter((finding) => finding.code === 'unknown_key' && finding.fix)
      .map((finding) => JSON.stringify([...(finding.path ?? []).slice(0, -1), finding.fix?.insert])),
  );
  return findings.filter((finding) => {
    if (finding.code === 'missing_key' && renamed.has(JSON.stringify(finding.path))) return false;
    if (finding.code !== 'wrong_value') return true;
    const place = JSON.stringify(finding.path);
    if (seen.has(place)) return false;
    seen.add(place);
    return true;
  });
}

function problemsOf(findings: Finding[], text: string, lines: LineIndex): ToolProblem[] {
  return findings
    .map((finding) => ({ ...finding, to: endOnLine(text, finding) }))
    .sort((a, b) => a.from - b.from)
    .slice(0, limits.problems)
    .map((finding) => lines.problemOf(finding));
}

/** What goes on over several lines is marked in its first. */
function endOnLine(text: string, { from, to }: Finding): number {
  const breaks = text.slice(from, Math.min(to, from + 1_000)).search(/[\r\n]/);
  return breaks > 0 ? from + breaks : to;
}
