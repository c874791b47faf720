import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { completeKeys } from './complete_keys';
import { editorTheme } from './editor_theme';
import { leaveWithTab } from './leave_with_tab';
import { problemKeymap } from './problem_commands';
import { problemMarks } from './problem_marks';
import { yamlHighlight } from './yaml_highlight';

/** Everything of the editor that stays the same for its life. The order of the keymaps matters: first come, first served. */
export function editorExtensions(): Extension {
  return [
    lineNumbers(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    history(),
    yamlHighlight(),
    indentUnit.of('  '),
    EditorState.tabSize.of(2),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ override: [completeKeys], icons: false }),
    search(),
    problemMarks,
    EditorView.lineWrapping,
    editorTheme,
    keymap.of([
      ...problemKeymap,
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...searchKeymap,
      ...historyKeymap,
    ]),
    leaveWithTab(),
    keymap.of(defaultKeymap),
  ];
}

/** Text is kept to the letter: one that ends its lines with CRLF throughout keeps doing so. */
export function lineBreaksOf(text: string): Extension {
  const breaks = text.match(/\r\n?|\n/g) ?? [];
  return breaks.length > 0 && breaks.every((one) => one === '\r\n')
    ? EditorState.lineSeparator.of('\r\n')
    : [];
}
