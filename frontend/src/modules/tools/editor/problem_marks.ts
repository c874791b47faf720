import {
  EditorSelection,
  type EditorState,
  type Range,
  RangeSet,
  StateEffect,
  StateField,
} from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  GutterMarker,
  gutterLineClass,
  gutterWidgetClass,
} from '@codemirror/view';
import type { ToolProblem } from '@raptscallions/tool-yaml/tool_problem';
import { ProblemWidget } from './ProblemWidget';
import { type PlacedProblem, placeProblem, widen } from './place_problem';

type Marks = { placed: readonly PlacedProblem[]; decorations: DecorationSet; gutter: RangeSet<GutterMarker> };

/** @param problems found in exactly the text of the document this is sent with */
export const showProblems = StateEffect.define<readonly ToolProblem[]>();

/** The problems of a document and how they are drawn: the line, the words, and the message below the line. */
export const problemMarks = StateField.define<Marks>({
  create: () => ({ placed: [], decorations: Decoration.none, gutter: RangeSet.empty }),
  update(marks, transaction) {
    const shown = transaction.effects.find((effect) => effect.is(showProblems));
    if (shown) {
      const placed = shown.value.map((problem) => placeProblem(transaction.state, problem));
      return drawMarks(transaction.state, placed);
    }
    if (!transaction.docChanged) return marks;
    const { changes } = transaction;
    return {
      placed: marks.placed.map(({ problem, from, to, fix }) => ({
        problem,
        from: changes.mapPos(from, 1),
        to: changes.mapPos(to, -1),
        fix: fix && { from: changes.mapPos(fix.from, 1), to: changes.mapPos(fix.to, -1), insert: fix.insert },
      })),
      decorations: marks.decorations.map(changes),
      gutter: marks.gutter.map(changes),
    };
  },
  provide: (field) => [
    EditorView.decorations.from(field, (marks) => marks.decorations),
    gutterLineClass.from(field, (marks) => marks.gutter),
    gutterWidgetClass.of((_view, widget) => (widget instanceof ProblemWidget ? widget.gutter : null)),
  ],
});

class LineMark extends GutterMarker {
  constructor(readonly elementClass: string) {
    super();
  }
}
const gutterOf = {
  error: new LineMark('ed-gutter ed-gutter-error'),
  warning: new LineMark('ed-gutter ed-gutter-warning'),
};
const gutterBelow = {
  error: new LineMark('ed-gutter ed-gutter-error ed-gutter-below'),
  warning: new LineMark('ed-gutter ed-gutter-warning ed-gutter-below'),
};
const lineOf = {
  error: Decoration.line({ class: 'ed-line ed-line-error' }),
  warning: Decoration.line({ class: 'ed-line ed-line-warning' }),
};
const wordsOf = {
  error: Decoration.mark({ class: 'squiggle' }),
  warning: Decoration.mark({ class: 'squiggle ed-squiggle-warning' }),
};

function drawMarks(state: EditorState, placed: readonly PlacedProblem[]): Marks {
  const drawn: Range<Decoration>[] = [];
  const numbers: Range<GutterMarker>[] = [];
  const marked = new Set<number>();
  // Errors first: a line with both is drawn as an error.
  const ordered = [...placed].sort((a, b) => rank(a) - rank(b) || a.from - b.from);
  for (const [at, item] of ordered.entries()) {
    const line = state.doc.lineAt(item.from);
    const { severity } = item.problem;
    if (!marked.has(line.from)) {
      drawn.push(lineOf[severity].range(line.from));
      numbers.push(gutterOf[severity].range(line.from));
      marked.add(line.from);
    }
    const { from, to } = widen(item, line);
    if (from < to) drawn.push(wordsOf[severity].range(from, to));
    const widget = new ProblemWidget(item.problem, gutterBelow[severity], state.readOnly ? null : applyFixOf);
    drawn.push(Decoration.widget({ widget, block: true, side: 1 + at }).range(line.to));
  }
  return {
    placed: [...placed].sort((a, b) => a.from - b.from),
    decorations: Decoration.set(drawn, true),
    gutter: RangeSet.of(numbers, true),
  };
}

function rank({ problem }: PlacedProblem): number {
  return problem.severity === 'error' ? 0 : 1;
}

/** A message that stayed keeps its element, and with it the problem it was made for: compared by content. */
function applyFixOf(view: EditorView, problem: ToolProblem): void {
  const wanted = JSON.stringify(problem);
  const item = view.state
    .field(problemMarks)
    .placed.find((placed) => JSON.stringify(placed.problem) === wanted);
  if (item) applyFix(view, item);
}

/** Puts a problem right, wherever the text has moved since it was found; undone like any edit. */
export function applyFix(view: EditorView, { problem, fix }: PlacedProblem): boolean {
  if (!fix || fix.to < fix.from || view.state.readOnly) return false;
  const insert = view.state.toText(fix.insert);
  view.dispatch({
    changes: { from: fix.from, to: fix.to, insert },
    selection: EditorSelection.cursor(fix.from + insert.length),
    userEvent: 'input.fix',
    effects: EditorView.announce.of(`Done: ${problem.fix?.label ?? ''}`),
  });
  view.focus();
  return true;
}
