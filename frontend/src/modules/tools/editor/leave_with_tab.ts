import { acceptCompletion } from '@codemirror/autocomplete';
import { indentLess, indentMore } from '@codemirror/commands';
import { EditorSelection, type Extension, Prec, StateEffect, StateField } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';

/** Two spaces to a level, as YAML is mostly written. */
const width = 2;

/** Fills up to the next level, or indents the lines that are selected. */
function indentHere(view: EditorView): boolean {
  const { state } = view;
  if (state.readOnly) return false;
  if (state.selection.ranges.some((range) => !range.empty)) return indentMore(view);
  view.dispatch(
    state.changeByRange(({ from }) => {
      const column = from - state.doc.lineAt(from).from;
      const insert = ' '.repeat(width - (column % width));
      return { changes: { from, insert }, range: EditorSelection.cursor(from + insert.length) };
    }),
    { scrollIntoView: true, userEvent: 'input.indent' },
  );
  return true;
}

const notKeys = new Set(['Tab', 'Escape', 'Shift', 'Control', 'Alt', 'Meta']);

const setLeaving = StateEffect.define<boolean>();
const leaving = StateField.define<boolean>({
  create: () => false,
  update: (before, { effects }) => effects.find((effect) => effect.is(setLeaving))?.value ?? before,
  provide: (field) => EditorView.editorAttributes.from(field, (on) => ({ class: on ? 'ed-leaving' : '' })),
});

function startLeaving(view: EditorView): boolean {
  view.dispatch({ effects: [setLeaving.of(true), EditorView.announce.of('Tab now leaves the editor.')] });
  return true;
}

/**
 * Tab indents, which would lock in whoever uses the keyboard only: after Escape it leaves, for as long as
 * no other key is pressed. Escape first closes what is open (completions, search), so this comes last.
 */
export function leaveWithTab(): Extension {
  return [
    leaving,
    keymap.of([
      { key: 'Tab', run: acceptCompletion },
      { key: 'Tab', run: indentHere, shift: indentLess },
    ]),
    Prec.lowest(keymap.of([{ key: 'Escape', run: startLeaving }])),
    EditorView.domEventHandlers({
      keydown: (event, view) => {
        if (view.state.field(leaving) && !notKeys.has(event.key))
          view.dispatch({ effects: setLeaving.of(false) });
      },
    }),
    EditorView.focusChangeEffect.of((_state, focusing) => (focusing ? null : setLeaving.of(false))),
    EditorView.updateListener.of(({ view, state, startState }) => {
      if (state.field(leaving) !== startState.field(leaving)) view.setTabFocusMode(state.field(leaving));
    }),
  ];
}
