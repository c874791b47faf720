import type { z } from 'zod';
import { limits } from './limits';
import { nearestName } from './nearest_name';
import { suggestFix } from './suggest_fix';
import { type PartAt, toolPartAt } from './tool_part_at';
import type { Finding } from './tool_problem';
import { findNode, type YamlEntry, type YamlMap, type YamlNode } from './yaml_node';

/** Other words people use for a key; only ever offered, never accepted. */
const otherWords = new Map([
  ['prompt', 'behavior'],
  ['system_prompt', 'behavior'],
  ['instructions', 'behavior'],
  ['title', 'name'],
  ['kind', 'type'],
  ['levels', 'grades'],
  ['max_turns', 'max_messages'],
  ['message_limit', 'max_messages'],
]);
/** Maps whose keys people write one level too high or too low. */
const groups = ['constraints', 'meta'];

/**
 * Says in plain words what zod found, at the value that is wrong, the key that is unknown, or the owner of
 * what is missing.
 */
export function explainIssue(issue: z.core.$ZodIssue, root: YamlMap): Finding[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  const place = findNode(root, path);
  if (issue.code === 'unrecognized_keys') {
    const { node } = place;
    if (node.kind !== 'map') return [];
    const unknown = new Set(issue.keys);
    return node.entries
      .filter((entry) => unknown.has(entry.key))
      .slice(0, limits.problems)
      .map((entry) => explainUnknownKey(entry, node, path));
  }
  if (!place.complete) return [explainMissing(path, place)];
  const { node, entry } = place;
  if (issue.code === 'custom') {
    const instead: unknown = issue.params?.instead;
    const at = node.kind === 'scalar' || !entry ? node : { from: entry.keyFrom, to: entry.keyTo };
    return [
      {
        from: at.from,
        to: at.to,
        path,
        code: 'wrong_value',
        message: issue.message === 'Invalid input' ? wrongValue(path, node, toolPartAt(path)) : issue.message,
        fix:
          typeof instead === 'string' && node.kind === 'scalar'
            ? { label: `Change to ${instead}`, from: node.from, to: node.to, insert: instead }
            : suggestFix(node, toolPartAt(path)?.schema),
      },
    ];
  }
  if (node.kind === 'scalar' && node.empty) {
    const message = entry
      ? `${entry.key} is empty. Write a value after the colon, or delete the line.`
      : 'This entry of the list is empty.';
    return [{ from: node.from, to: node.to, path, code: 'empty_value', message }];
  }
  const part = toolPartAt(path);
  const message = wrongValue(path, node, part);
  return [
    { from: node.from, to: node.to, path, code: 'wrong_value', message, fix: suggestFix(node, part?.schema) },
  ];
}

function explainUnknownKey(entry: YamlEntry, map: YamlMap, path: (string | number)[]): Finding {
  const { key, keyFrom: from, keyTo: to } = entry;
  const known = toolPartAt(path)?.keys ?? [];
  const finding = { from, to, path: [...path, key], code: 'unknown_key' };
  const shown = `“${shorten(key)}”`;
  const meant = otherWords.get(key.toLowerCase().replace(/[\s-]/g, '_'));
  const near = meant && known.includes(meant) ? meant : nearestName(key, known);
  if (near) {
    const twin = map.entries.some((other) => other.key === near);
    const fix = { label: `Rename to ${near}`, from, to, insert: near };
    return twin
      ? {
          ...finding,
          message: `${shown} is not a key here, and ${near} stands here already. Keep one of them.`,
        }
      : { ...finding, message: `${shown} is not a key here. Did you mean ${near}?`, fix };
  }
  const group = groups.find((name) => path.length === 0 && toolPartAt([name])?.keys.includes(meant ?? key));
  if (group)
    return { ...finding, message: `${meant ?? key} belongs under ${group}, indented by two spaces.` };
  if (path.length === 1 && toolPartAt([])?.keys.includes(key)) {
    return { ...finding, message: `${key} belongs at the left margin, not under ${String(path[0])}.` };
  }
  return { ...finding, message: `${shown} is not a key here. Known are ${listOf(known)}.` };
}

/** @param place as deep as the path led */
function explainMissing(path: (string | number)[], place: { node: YamlNode; entry?: YamlEntry }): Finding {
  const key = String(path.at(-1));
  const { node, entry } = place;
  const first = node.kind === 'map' ? node.entries[0] : undefined;
  const at = entry ?? (first || undefined);
  const rule = toolPartAt(path)?.rule ?? 'given';
  const finding: Finding = {
    from: at?.keyFrom ?? node.from,
    to: at?.keyTo ?? node.to,
    path,
    code: 'missing_key',
    message: `${key} is missing. It must be ${rule}.`,
  };
  return finding;
}

function wrongValue(path: (string | number)[], node: YamlNode, part: PartAt | undefined): string {
  const last = path.at(-1);
  const label =
    typeof last === 'number'
      ? `Entry ${last + 1} of ${String(path.at(-2) ?? 'the list')}`
      : String(last ?? 'A tool');
  return `${label} must be ${part?.rule ?? 'something else'}. You wrote ${written(node)}.`;
}

function written(node: YamlNode): string {
  if (node.kind === 'list')
    return node.items.length === 1 ? 'a list' : `a list of ${node.items.length} entries`;
  if (node.kind === 'map') return 'a group of keys';
  const { value, source, plain } = node;
  if (typeof value === 'number') return `the number ${source}`;
  if (!plain && /^(true|false|[-+.\d]+)$/.test(source)) return `“${source}” in quotes`;
  if (typeof value !== 'string') return `${value}`;
  if (value.trim() === '') return 'nothing';
  return value.length > 40 ? `${value.length.toLocaleString('en')} characters` : `“${value.trim()}”`;
}

function listOf(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function shorten(key: string): string {
  return key.length > 40 ? `${key.slice(0, 40)}…` : key;
}
