import { type Found, type Place, readsFurther } from './syntax_place';

/** The keys at the left margin; where one of them begins a line, the text above has ended. */
const margin =
  /^(?:name|type|version|model|behaviou?r|constraints|(?:in|out)put_schema|modules|tests|meta):(?:\s|$)/;
const opening = /^behaviou?r:[ \t]*/;

/**
 * A prompt of several lines that was put behind `behavior:` as it came: without the bar, without
 * indentation, or in quotes. Sooner or later one of its lines looks like YAML. The fix makes it a text block,
 * in which nothing looks like YAML any more.
 */
export function findLooseText({ text, lines, line }: Place): Found | undefined {
  let first = line;
  while (first > 0 && !margin.test(lines.textOf(first))) first -= 1;
  // A key that is meant ends the text, and may be the very line at which the parser noticed.
  if (first === line && line > 1 && !opening.test(lines.textOf(first))) {
    first -= 1;
    while (first > 0 && !margin.test(lines.textOf(first))) first -= 1;
  }
  const head = opening.exec(lines.textOf(first))?.[0];
  if (first < 1 || !head) return undefined;
  const start = lines.startOf(first);
  const rest: string[] = [];
  let next = first + 1;
  while (lines.startOf(next) < text.length && !margin.test(lines.textOf(next))) {
    rest.push(lines.textOf(next));
    next += 1;
  }
  while (rest.length && rest.at(-1)?.trim() === '') rest.pop();
  if (rest.length === 0) return undefined;
  const value = lines.textOf(first).slice(head.length).trimEnd();
  const barred = /^[|>][-+]?$/.test(value);
  const block = barred ? rest.map(indentLoose) : blockOf(value, rest);
  if (!block) return undefined;
  const from = start + head.length;
  const to = lines.startOf(first + rest.length) + lines.textOf(first + rest.length).length;
  const lineBreak = /\r\n?|\n/.exec(text)?.[0] ?? '\n';
  const space = /\s$/.test(head) ? '' : ' ';
  const insert = `${space}${barred ? value : '|'}${lineBreak}${block.join(lineBreak)}`;
  const fix = { label: barred ? 'Indent the text' : 'Make it a text block', from, to, insert };
  if (line > next || !readsFurther(text, fix, from + insert.length)) return undefined;
  const loose = barred ? rest.findIndex((row) => row.trim() !== '' && !row.startsWith('  ')) : -1;
  if (barred && loose === -1) return undefined;
  if (barred) {
    const at = lines.startOf(first + 1 + loose);
    const message = 'This line belongs to the text above, so it must be indented like it.';
    return { from: at, to: at + (rest[loose]?.length ?? 0), message, fix };
  }
  return {
    from: value ? from : start,
    to: value ? from + value.length : start + head.trimEnd().length - 1,
    message: 'Text of several lines needs a | behind the colon, and every line of it two spaces before it.',
    fix,
  };
}

function indentLoose(row: string): string {
  return row.trim() === '' || row.startsWith('  ') ? row : `  ${row.trimStart()}`;
}

/** @returns undefined for quoted text with escapes, which would have to be translated */
function blockOf(value: string, rest: string[]): string[] | undefined {
  const quote = /^["']/.exec(value)?.[0];
  const rows = [value, ...rest];
  if (quote) {
    const last = rows.pop() ?? '';
    if (!last.trimEnd().endsWith(quote) || /\\|''/.test([...rows, last].join('\n'))) return undefined;
    rows[0] = (rows[0] ?? '').slice(1);
    rows.push(last.trimEnd().slice(0, -1));
  }
  const [head = '', ...others] = rows;
  const indents = others.filter((row) => row.trim() !== '').map((row) => row.length - row.trimStart().length);
  const least = Math.min(...indents);
  // What is indented already stays as it is; tabs and single spaces are no level.
  const shift = least >= 2 ? '' : '  ';
  const indent = least >= 2 ? ' '.repeat(least) : '  ';
  const body = others.map((row) => (row.trim() === '' ? '' : `${shift}${row}`));
  return head.trim() === '' ? body : [`${indent}${head.trimStart()}`, ...body];
}
