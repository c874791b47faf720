import type { EditorState, Text } from '@codemirror/state';
import type { ToolProblem } from '@raptscallions/tool-yaml/tool_problem';

/** A problem in a document that may have changed since: its places move along with the text. */
export type PlacedProblem = {
  problem: ToolProblem;
  from: number;
  to: number;
  fix: { from: number; to: number; insert: string } | undefined;
};

/**
 * Finds a problem's places in a document. Lines and columns mean the same there as in the parser; offsets
 * do not, since CodeMirror counts every line break as one.
 */
export function placeProblem({ doc, lineBreak }: EditorState, problem: ToolProblem): PlacedProblem {
  const from = positionAt(doc, problem.line, problem.column);
  const { fix } = problem;
  return {
    problem,
    from,
    to: Math.max(from, positionAt(doc, problem.endLine, problem.endColumn)),
    fix: fix && {
      from: positionOf(doc, fix.from, lineBreak.length),
      to: positionOf(doc, fix.to, lineBreak.length),
      insert: fix.insert,
    },
  };
}

function positionAt(doc: Text, line: number, column: number): number {
  const row = doc.line(Math.max(1, Math.min(line, doc.lines)));
  return Math.min(row.to, row.from + column - 1);
}

/** @param breakLength how many units of the text a line break is */
function positionOf(doc: Text, offset: number, breakLength: number): number {
  let low = 1;
  let high = doc.lines;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (doc.line(middle).from + (middle - 1) * (breakLength - 1) <= offset) low = middle;
    else high = middle - 1;
  }
  return Math.min(doc.line(low).to, offset - (low - 1) * (breakLength - 1));
}

/** A place without width is shown at its neighbour: nothing can be seen under nothing. */
export function widen(
  { from, to }: PlacedProblem,
  line: { from: number; to: number },
): { from: number; to: number } {
  if (to > from) return { from, to };
  return from < line.to ? { from, to: from + 1 } : { from: Math.max(line.from, from - 1), to: from };
}
