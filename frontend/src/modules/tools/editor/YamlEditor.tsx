import { completionStatus } from '@codemirror/autocomplete';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { parseToolYaml } from '@raptscallions/tool-yaml/parse_tool_yaml';
import type { ToolProblem } from '@raptscallions/tool-yaml/tool_problem';
import { type Ref, useEffect, useEffectEvent, useId, useImperativeHandle, useRef } from 'react';
import { editorExtensions, lineBreaksOf } from './editor_extensions';
import { goToNextProblem } from './problem_commands';
import { showProblems } from './problem_marks';
import './editor.css';

/** Long enough not to speak in the middle of a word, short enough to be at once. */
const pauseMs = 150;

export type YamlEditorHandle = { goToNextProblem: () => void };

export type YamlEditorProps = {
  /** the text to the letter; a value that did not come from `onChange` replaces what is there */
  value: string;
  onChange: (value: string) => void;
  /** what is wrong, and what is worth knowing, a moment after each change and once at the beginning */
  onProblems?: (problems: readonly ToolProblem[]) => void;
  /** problems found elsewhere, such as by the server, shown in place of the editor's own */
  problems?: readonly ToolProblem[];
  readOnly?: boolean;
  ariaLabel: string;
  ref?: Ref<YamlEditorHandle>;
};

/** A YAML editor for tools: problems open below their line, F8 leads from one to the next. */
export function YamlEditor({
  value,
  onChange,
  onProblems,
  problems,
  readOnly = false,
  ariaLabel,
  ref,
}: YamlEditorProps) {
  const hintId = useId();
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const parts = useRef({ access: new Compartment(), lineBreaks: new Compartment() });
  /** what was last handed out or taken in, so that one's own change is not taken for somebody else's */
  const known = useRef(value);

  const report = useEffectEvent((found: readonly ToolProblem[]) => onProblems?.(found));
  const emit = useEffectEvent((text: string) => {
    known.current = text;
    onChange(text);
  });
  const check = useEffectEvent((editor: EditorView) => {
    const result = parseToolYaml(editor.state.sliceDoc());
    const found = result.ok ? result.warnings : result.problems;
    editor.dispatch({ effects: showProblems.of(problems ?? found) });
    report(found);
  });
  const begin = useEffectEvent((parent: HTMLElement, onDoc: (editor: EditorView) => void) => {
    const { access, lineBreaks } = parts.current;
    known.current = value;
    return new EditorView({
      parent,
      state: EditorState.create({
        doc: value,
        extensions: [
          editorExtensions(),
          lineBreaks.of(lineBreaksOf(value)),
          access.of(accessOf(readOnly, ariaLabel, hintId)),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) onDoc(update.view);
          }),
        ],
      }),
    });
  });

  useEffect(() => {
    if (!box.current) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // A word that is being chosen from a list is not finished: to call it wrong would only cover the list.
    const checkSoon = (editor: EditorView) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (completionStatus(editor.state) === 'active') checkSoon(editor);
        else check(editor);
      }, pauseMs);
    };
    const editor = begin(box.current, (changed) => {
      const text = changed.state.sliceDoc();
      if (text !== known.current) emit(text);
      checkSoon(changed);
    });
    view.current = editor;
    check(editor);
    return () => {
      clearTimeout(timer);
      view.current = null;
      editor.destroy();
    };
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (!editor || value === known.current) return;
    known.current = value;
    const { lineBreaks } = parts.current;
    // The separator first: it decides how the new text is cut into lines.
    editor.dispatch({ effects: lineBreaks.reconfigure(lineBreaksOf(value)) });
    const changes = { from: 0, to: editor.state.doc.length, insert: editor.state.toText(value) };
    editor.dispatch({ changes, userEvent: 'input.replace' });
  }, [value]);

  useEffect(() => {
    view.current?.dispatch({
      effects: parts.current.access.reconfigure(accessOf(readOnly, ariaLabel, hintId)),
    });
  }, [readOnly, ariaLabel, hintId]);

  useEffect(() => {
    if (problems) view.current?.dispatch({ effects: showProblems.of(problems) });
  }, [problems]);

  useImperativeHandle(ref, () => ({
    goToNextProblem: () => {
      if (view.current) goToNextProblem(view.current);
    },
  }));

  return (
    <div className="ed" ref={box}>
      <p className="sr" id={hintId}>
        F8 goes to the next error, Control and full stop applies the fix offered there. Escape, then Tab
        leaves the editor.
      </p>
    </div>
  );
}

function accessOf(readOnly: boolean, label: string, hintId: string): Extension {
  return [
    EditorState.readOnly.of(readOnly),
    EditorView.contentAttributes.of({
      'aria-label': label,
      'aria-describedby': hintId,
      // What cannot be typed into must still be reached by the keyboard, to be scrolled.
      ...(readOnly && { 'aria-readonly': 'true', tabindex: '0' }),
      autocapitalize: 'off',
      spellcheck: 'false',
    }),
  ];
}
