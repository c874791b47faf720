import { findLooseText } from './find_loose_text';
import { limits } from './limits';
import type { LineIndex } from './line_index';
import { type Found, type Place, readsFurther } from './syntax_place';
import type { Finding } from './tool_problem';

/** A line of block YAML: indentation and dashes, a key with its colon, the value. */
const keyLine = /^([ \t]*(?:- +)*)("[^"]*"|'[^']*'|[^\s"'[\]{}#:][^:#]*)(:)(?:([ \t]+)(.*))?$/;
/** A list item without a key. */
const itemLine = /^([ \t]*(?:- +)+)(.*)$/;
/** What no unquoted value may begin with. */
const reserved = /^[@`%*&!|>?,\]}]/;

/**
 * Turns an error of the YAML parser into a place and a sentence for a teacher. The parser notices a mistake
 * where it stops making sense, which is often a line below; this looks for the line that was meant.
 * @param position offset where the parser stopped
 */
export function explainSyntax(text: string, lines: LineIndex, position: number, reason: string): Finding {
  if (reason.startsWith('nesting exceeded')) {
    const message = `Lists and maps may be nested ${limits.depth} deep.`;
    return { from: position, to: position + 1, code: 'too_deep', message };
  }
  const place: Place = { text, lines, position, reason, line: lines.lineOf(position) };
  const finding = findTab(place) ??
    findLooseText(place) ??
    findUnclosed(place) ??
    findUnquoted(place) ??
    findGluedColon(place) ??
    findMisaligned(place) ??
    findMissingColon(place) ?? {
      from: position,
      to: position + 1,
      message: `YAML cannot be read from here on: ${plainReason(reason)}.`,
    };
  return { code: 'syntax', ...finding };
}

function findTab({ text, lines, line }: Place): Found | undefined {
  const from = lines.startOf(line);
  const indent = /^[ \t]*/.exec(lines.textOf(line))?.[0] ?? '';
  if (!indent.includes('\t')) return undefined;
  const to = from + indent.length;
  const fix = { label: 'Change to spaces', from, to, insert: indent.replaceAll('\t', '  ') };
  return {
    from,
    to,
    message: 'This line is indented with a tab. YAML wants spaces.',
    fix: readsFurther(text, fix, to) ? fix : undefined,
  };
}

/** A bracket or quotation mark that was opened above, or in this line, and never closed. */
function findUnclosed({ text, lines, line, position, reason }: Place): Found | undefined {
  if (!/deficient indentation|unexpected end of the (stream|document)|missed comma/.test(reason))
    return undefined;
  for (let candidate = line; candidate > Math.max(0, line - 50); candidate -= 1) {
    const content = lines.textOf(candidate);
    const parts = keyLine.exec(content);
    const value = parts ? parts[5] : itemLine.exec(content)?.[2];
    const opener = (value ?? content.trimStart()).charAt(0);
    const closer = opener === '[' ? ']' : opener === '{' ? '}' : opener;
    if (!/["'[{]/.test(opener) || (value ?? content.trimStart()).includes(closer, 1)) continue;
    if (candidate < line && !keyLine.test(lines.textOf(line))) {
      const at = lines.startOf(line);
      const fix = { label: 'Indent it', from: at, to: at, insert: '  ' };
      if (readsFurther(text, fix, position + 2)) {
        const message = `This line continues line ${candidate}, so it must be indented.`;
        return { from: at, to: at + Math.max(1, lines.textOf(line).length), message, fix };
      }
    }
    const start = lines.startOf(candidate);
    const from = start + content.length - (value ?? content.trimStart()).length;
    const end = start + content.replace(/\s+#.*$/, '').trimEnd().length;
    const fix = { label: `Add ${closer}`, from: end, to: end, insert: closer };
    return {
      from,
      to: from + 1,
      message: `The ${opener} here is never closed with ${closer}.`,
      fix: readsFurther(text, fix, end + 1) ? fix : undefined,
    };
  }
  return undefined;
}

/** A value that holds something YAML takes for its own: a colon and a space, a quotation mark, an @. */
function findUnquoted({ text, lines, line, position, reason }: Place): Found | undefined {
  if (!/bad indentation|end of the stream|document separator|expected ':'/.test(reason)) return undefined;
  const content = lines.textOf(line);
  const parts = keyLine.exec(content);
  const value = (parts ? parts[5] : itemLine.exec(content)?.[2])?.trimEnd();
  if (!value) return undefined;
  const from = lines.startOf(line) + content.trimEnd().length - value.length;
  const to = from + value.length;
  if (position < from || position > to) return undefined;
  const opener = value.charAt(0);
  const quoted = /^["']/.test(opener);
  const inner = quoted ? value.slice(1, value.endsWith(opener) ? -1 : undefined) : value;
  const fix = { label: 'Put it in quotes', from, to, insert: JSON.stringify(inner) };
  const at = { from: position, to: position + 1 };
  const problem = quoted
    ? { ...at, message: 'The text in quotes ends here, but the line goes on.' }
    : reserved.test(value)
      ? { from, to: from + 1, message: `A value cannot begin with ${opener} unless it stands in quotes.` }
      : /^[[{]/.test(opener)
        ? {
            ...at,
            message: `The ${opener === '[' ? 'list' : 'map'} ends before this. Text that begins with ${opener} must stand in quotes.`,
          }
        : text[position] === ':'
          ? { ...at, message: 'Text with a colon and a space in it must stand in quotes.' }
          : { ...at, message: 'This text must stand in quotes.' };
  return { ...problem, fix: readsFurther(text, fix, from + fix.insert.length) ? fix : undefined };
}

/** A line that begins further left or right than the lines it belongs with. */
function findMisaligned({ text, lines, line, position, reason }: Place): Found | undefined {
  const content = lines.textOf(line);
  const parts = keyLine.exec(content);
  if (!reason.startsWith('bad indentation') || !(parts || itemLine.test(content))) return undefined;
  const start = lines.startOf(line);
  const indent = content.length - content.trimStart().length;
  let above = line - 1;
  while (above > 0 && /^\s*(#.*)?$/.test(lines.textOf(above))) above -= 1;
  const before = lines.textOf(above);
  const indentAbove = before.length - before.trimStart().length;
  const from = start + indent;
  const to = Math.max(
    from + 1,
    parts ? start + (parts[1]?.length ?? 0) + (parts[2]?.length ?? 0) : position + 1,
  );
  if (above > 0 && indent > indentAbove && keyLine.exec(before)?.[5]) {
    const fix = {
      label: `Line it up with line ${above}`,
      from: start,
      to: from,
      insert: before.slice(0, indentAbove),
    };
    const message = `This line begins further right than line ${above}, so it is read as part of it.`;
    return {
      from,
      to,
      message,
      fix: readsFurther(text, fix, start + indentAbove + (to - from)) ? fix : undefined,
    };
  }
  const message = `This line begins with ${indent} space${indent === 1 ? '' : 's'} and lines up with nothing above. Start it exactly below the line it belongs with.`;
  return { from, to, message };
}

/** `topics:[a]`: without a space behind the colon YAML sees a word, and stumbles here or a line below. */
function findGluedColon({ text, lines, line, position }: Place): Found | undefined {
  for (const candidate of [line, line - 1]) {
    if (candidate < 1) continue;
    const glued = /^[ \t]*(?:- +)*([a-z_]+):(?=[^\s/])/.exec(lines.textOf(candidate));
    if (!glued) continue;
    const behind = lines.startOf(candidate) + glued[0].length;
    const fix = { label: 'Add a space', from: behind, to: behind, insert: ' ' };
    if (!readsFurther(text, fix, position + 1)) continue;
    const from = behind - 1 - (glued[1]?.length ?? 0);
    return { from, to: behind, message: 'A space is missing after this colon.', fix };
  }
  return undefined;
}

/** A line that is neither a key with a value nor part of a text. */
function findMissingColon({ lines, line }: Place): Found | undefined {
  let found: { line: number; indent: number } | undefined;
  for (let candidate = line; candidate > Math.max(0, line - 50); candidate -= 1) {
    const content = lines.textOf(candidate);
    if (/^\s*(#.*)?$/.test(content) || (candidate === line && keyLine.test(content))) continue;
    if (keyLine.test(content) || itemLine.test(content)) break;
    // Of several such lines the least indented began it: those below were read as going on with it.
    const indent = content.length - content.trimStart().length;
    if (!found || indent <= found.indent) found = { line: candidate, indent };
  }
  if (!found) return undefined;
  const start = lines.startOf(found.line);
  return {
    from: start + found.indent,
    to: start + lines.textOf(found.line).trimEnd().length,
    message:
      'This line has no key. Write it as “key: value”, or, if it continues the text above, indent it like that text.',
  };
}

const plainReasons: [RegExp, string][] = [
  [/unknown escape sequence/, 'inside double quotes a backslash must be written twice'],
  [/expected the node content/, 'something is missing before this comma'],
  [/line break is expected/, 'the text after | or > begins on the next line'],
  [/hexadecimal/, 'a backslash and x or u must be followed by the number of a character'],
  [/missed comma/, 'a comma is missing between two entries'],
  [/whitespace character is expected/, 'a space is missing after the colon'],
  [
    /duplication of an? (anchor|tag)|tag|anchor|alias/,
    'a value cannot begin with !, & or * unless it stands in quotes',
  ],
];

function plainReason(reason: string): string {
  return plainReasons.find(([pattern]) => pattern.test(reason))?.[1] ?? reason;
}
