/**
 * Where inline code and fenced code stand in Markdown, as [start, end) pairs in order. A run of backticks is
 * closed by the next run of the same length; one that is never closed is plain text, except a fence, which
 * holds until the end. Linear in the length of the text, since models and pupils may write anything.
 */
export function findCode(text: string): [number, number][] {
  const runs = [...text.matchAll(/`+|^[ \t]*~{3,}/gm)].map((match) => {
    const marks = match[0].trim();
    const start = match.index + match[0].length - marks.length;
    return { start, end: start + marks.length, marks, closedBy: -1 };
  });
  const later = new Map<string, number>();
  for (let at = runs.length - 1; at >= 0; at--) {
    const run = runs[at];
    if (!run) continue;
    run.closedBy = later.get(run.marks) ?? -1;
    later.set(run.marks, at);
  }
  const ranges: [number, number][] = [];
  let at = 0;
  while (at < runs.length) {
    const run = runs[at];
    if (!run) break;
    const end = runs[run.closedBy]?.end;
    if (end !== undefined) {
      ranges.push([run.start, end]);
      at = run.closedBy + 1;
    } else if (run.marks.length >= 3) {
      ranges.push([run.start, text.length]);
      break;
    } else {
      at += 1;
    }
  }
  return ranges;
}
