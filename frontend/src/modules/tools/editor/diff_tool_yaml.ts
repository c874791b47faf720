import { diffArrays } from 'diff';

/** A line of a comparison; it has the number it had before, has now, or both. Numbers count from 1. */
export type DiffLine =
  | { kind: 'same'; before: number; after: number; text: string }
  | { kind: 'del'; before: number; text: string }
  | { kind: 'ins'; after: number; text: string };

/** Lines that changed and the one above them; `title` names the parts of the tool they belong to. */
export type DiffHunk = { title: string; lines: DiffLine[] };

/** Beyond this many changed lines nobody compares any more, and the search for the fewest takes seconds. */
const maxEditLength = 2_000;

/** Compares two texts line by line. How lines end does not count: nobody sees it. */
export function diffToolYaml(before: string, after: string): DiffLine[] {
  const old = linesOf(before);
  const now = linesOf(after);
  const changes = diffArrays(old, now, { maxEditLength }) ?? [
    { value: old, added: false, removed: true },
    { value: now, added: true, removed: false },
  ];
  const lines: DiffLine[] = [];
  let beforeAt = 0;
  let afterAt = 0;
  for (const { added, removed, value } of changes) {
    for (const text of value) {
      if (!added) beforeAt += 1;
      if (!removed) afterAt += 1;
      if (added) lines.push({ kind: 'ins', after: afterAt, text });
      else if (removed) lines.push({ kind: 'del', before: beforeAt, text });
      else lines.push({ kind: 'same', before: beforeAt, after: afterAt, text });
    }
  }
  return lines;
}

/** Leaves out what stayed the same, but for the line above each change, which shows where it is. */
export function foldDiff(lines: readonly DiffLine[]): DiffHunk[] {
  const parts = partsOf(lines);
  const shown = lines.map((_, at) => lines.slice(at, at + 2).some((line) => line.kind !== 'same'));
  const hunks: DiffHunk[] = [];
  for (let from = shown.indexOf(true); from !== -1; ) {
    const next = shown.indexOf(false, from);
    const to = next === -1 ? lines.length : next;
    hunks.push({
      title: titleOf(lines.slice(from, to), parts.slice(from, to)),
      lines: lines.slice(from, to),
    });
    from = shown.indexOf(true, to);
  }
  return hunks;
}

/** The key at the left margin each line belongs to. A removed line does not end the part it is in. */
function partsOf(lines: readonly DiffLine[]): string[] {
  let part = '';
  return lines.map((line) => {
    const key = /^["']?([^\s"'#:[\]{}-][^"'#:]*)["']?:(?:\s|$)/.exec(line.text)?.[1];
    if (key && line.kind !== 'del') part = key;
    return key ?? part;
  });
}

/** `behavior, 1 line changed`: a line that was rewritten is one, not one removed and one added. */
function titleOf(lines: DiffLine[], parts: string[]): string {
  const names = [...new Set(parts.filter((part, at) => part !== '' && lines[at]?.kind !== 'same'))];
  let count = 0;
  let removed = 0;
  let added = 0;
  for (const { kind } of [...lines, { kind: 'same' as const }]) {
    if (kind === 'del') removed += 1;
    else if (kind === 'ins') added += 1;
    else {
      count += Math.max(removed, added);
      removed = 0;
      added = 0;
    }
  }
  const changed = `${count} ${count === 1 ? 'line' : 'lines'} changed`;
  return names.length ? `${new Intl.ListFormat('en').format(names)}, ${changed}` : changed;
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r\n?|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
