import { parseEvents, YAMLException } from 'js-yaml';
import { explainSyntax } from './explain_syntax';
import { limits } from './limits';
import type { LineIndex } from './line_index';
import { NodeBuilder } from './node_builder';
import type { Finding } from './tool_problem';
import type { YamlNode } from './yaml_node';

/** `root` is there whenever enough was understood to look further. */
export type YamlReading = { root: YamlNode | undefined; findings: Finding[] };

/** What YAML forbids, and half a surrogate pair, which is no character. A tab and line breaks are fine. */
const unprintable = /(?![\t\n\r\u0085])[\p{Cc}\p{Cs}\ufffe\uffff]/gu;

/**
 * Reads YAML from a stranger into nodes with places. Of YAML it takes the part a tool needs: one document
 * of maps, lists and scalars. Tags, anchors, aliases, merge keys and directives are refused, and size,
 * depth and number of nodes are bounded, so that no text can cost more than some milliseconds. Never throws.
 */
export function readYaml(text: string, lines: LineIndex): YamlReading {
  const tooLarge = findTooLarge(text);
  if (tooLarge) return { root: undefined, findings: [tooLarge] };
  const unprintables = findUnprintables(text);
  if (unprintables.length) return { root: undefined, findings: unprintables };
  try {
    // The parser counts the scalar inside the deepest collection as a level of its own.
    const events = parseEvents(text, { maxDepth: limits.depth + 1 });
    return new NodeBuilder(text, lines).build(events);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return {
      root: undefined,
      findings: [explainSyntax(text, lines, error.mark?.position ?? 0, error.reason)],
    };
  }
}

/** The limit is in bytes of UTF-8, as the text is stored and sent; found without encoding more than that. */
function findTooLarge(text: string): Finding | undefined {
  if (text.length * 3 <= limits.bytes) return undefined;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(limits.bytes));
  if (read >= text.length) return undefined;
  return {
    from: read,
    to: read + 1,
    code: 'too_large',
    message: `A tool may be ${limits.bytes / 1024} kB long; it reaches that length here. Shorten it.`,
  };
}

function findUnprintables(text: string): Finding[] {
  const findings: Finding[] = [];
  for (const { 0: character, index } of text.matchAll(unprintable)) {
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    findings.push({
      from: index,
      to: index + 1,
      code: 'control_character',
      message: `An invisible character (U+${code}) stands here, which YAML does not allow.`,
      fix: { label: 'Remove it', from: index, to: index + 1, insert: '' },
    });
    if (findings.length === limits.problems) break;
  }
  return findings;
}
