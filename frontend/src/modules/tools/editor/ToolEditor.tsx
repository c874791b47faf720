// Provisional, until the editor with errors under their lines stands here.
import { parseToolYaml } from '@raptscallions/tool-yaml/parse_tool_yaml';
import type { ToolProblem } from '@raptscallions/tool-yaml/tool_problem';
import { basicSetup, EditorView } from 'codemirror';
import { yaml } from '@codemirror/lang-yaml';
import { useEffect, useRef } from 'react';

export function ToolEditor({ value, onChange, onProblems, ariaLabel }: { value: string; onChange: (next: string) => void; onProblems: (problems: readonly ToolProblem[]) => void; readOnly?: boolean; ariaLabel: string }) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const handlers = useRef({ onChange, onProblems });
  handlers.current = { onChange, onProblems };
  useEffect(() => {
    if (!box.current) return;
    view.current = new EditorView({ doc: value, parent: box.current, extensions: [basicSetup, yaml(), EditorView.contentAttributes.of({ 'aria-label': ariaLabel }), EditorView.updateListener.of((u) => { if (u.docChanged) { const text = u.state.doc.toString(); handlers.current.onChange(text); const r = parseToolYaml(text); handlers.current.onProblems(r.ok ? [] : r.problems); } })] });
    return () => view.current?.destroy();
  }, []);
  return <div ref={box} />;
}
