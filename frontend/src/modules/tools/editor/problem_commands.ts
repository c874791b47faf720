import { EditorSelection } from '@codemirror/state';
import { EditorView, type KeyBinding } from '@codemirror/view';
import { applyFix, problemMarks } from './problem_marks';

/** Goes to the next problem behind the cursor, errors before notes, from the last on to the first. */
export function goToNextProblem(view: EditorView): boolean {
  return goToProblem(view, 1);
}

function goToPreviousProblem(view: EditorView): boolean {
  return goToProblem(view, -1);
}

function goToProblem(view: EditorView, step: 1 | -1): boolean {
  const { placed } = view.state.field(problemMarks);
  const errors = placed.filter((item) => item.problem.severity === 'error');
  const among = errors.length ? errors : placed;
  const { head } = view.state.selection.main;
  const next =
    step === 1
      ? (among.find((item) => item.from > head) ?? among[0])
      : (among.findLast((item) => item.from < head) ?? among.at(-1));
  if (!next) {
    view.dispatch({ effects: EditorView.announce.of('There are no errors.') });
    return true;
  }
  const { line, column, message, fix } = next.problem;
  const offer = fix && !view.state.readOnly ? ` ${fix.label}: Control and full stop.` : '';
  view.dispatch({
    selection: EditorSelection.cursor(next.from),
    effects: [
      EditorView.scrollIntoView(next.from, { y: 'center' }),
      EditorView.announce.of(`Line ${line}, column ${column}: ${message}${offer}`),
    ],
  });
  view.focus();
  return true;
}

/** The fix in the line of the cursor, or the only one there is. */
function applyFixHere(view: EditorView): boolean {
  const { doc, selection } = view.state;
  const here = doc.lineAt(selection.main.head).number;
  const fixable = view.state.field(problemMarks).placed.filter((item) => item.fix);
  const item =
    fixable.find(({ from }) => doc.lineAt(from).number === here) ??
    (fixable.length === 1 ? fixable[0] : undefined);
  return item ? applyFix(view, item) : false;
}

export const problemKeymap: readonly KeyBinding[] = [
  { key: 'F8', run: goToNextProblem, shift: goToPreviousProblem, preventDefault: true },
  { key: 'Mod-.', run: applyFixHere },
];
