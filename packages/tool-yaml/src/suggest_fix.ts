import { z } from 'zod';
import { nearestName } from './nearest_name';
import { readNumberWords } from './read_number_words';
import type { ToolFix } from './tool_problem';
import { completeVersion } from './version_number';
import type { YamlNode, YamlScalar } from './yaml_node';

/**
 * What certainly was meant by a value that its schema refuses: a number in words, a version cut short, a
 * slip in one of a few words, text that YAML took for a number, one thing where a list is wanted.
 * @returns a fix whose value the schema accepts, or nothing
 */
export function suggestFix(node: YamlNode, schema: z.ZodType | undefined): ToolFix | undefined {
  if (!schema || node.kind !== 'scalar' || node.empty) return undefined;
  if (schema instanceof z.ZodArray) return wrapInList(node, schema);
  for (const value of candidates(node, schema)) {
    if (!schema.safeParse(value).success) continue;
    // Quoted, because it is what YAML takes for a number or a truth that must become text here.
    const quote = typeof value === 'string' && value === node.source;
    return {
      label: quote ? 'Put it in quotes' : `Change to ${value}`,
      from: node.from,
      to: node.to,
      insert: quote ? JSON.stringify(value) : String(value),
    };
  }
  return undefined;
}

function candidates({ value, source }: YamlScalar, schema: z.ZodType): (string | number | boolean)[] {
  const text = source.trim();
  if (schema instanceof z.ZodNumber) {
    const number = readNumberWords(text);
    return number === undefined ? [] : [number];
  }
  if (schema instanceof z.ZodBoolean) {
    if (/^(yes|y|on|true)$/i.test(text)) return [true];
    return /^(no|n|off|false)$/i.test(text) ? [false] : [];
  }
  if (schema instanceof z.ZodEnum) {
    const near = nearestName(text, schema.options.map(String));
    return near ? [near] : [];
  }
  // Of the texts only a version is refused for how it looks; the length of a text is not ours to change.
  const whole = schema.safeParse(text).success ? undefined : completeVersion(text);
  if (whole) return [whole];
  return typeof value === 'number' || typeof value === 'boolean' ? [text] : [];
}

function wrapInList(node: YamlScalar, schema: z.ZodType): ToolFix | undefined {
  const { value, source } = node;
  if (!node.plain || value === null || /[[\]{}#:]|^-/.test(source)) return undefined;
  // Text over several lines was folded: what stands in the file is not what would stand in the list.
  if (node.to - node.from !== source.length) return undefined;
  const items: unknown[] = typeof value === 'string' ? value.split(',').map((item) => item.trim()) : [value];
  if (items.includes('') || !schema.safeParse(items).success) return undefined;
  return { label: 'Make it a list', from: node.from, to: node.to, insert: `[${items.join(', ')}]` };
}
