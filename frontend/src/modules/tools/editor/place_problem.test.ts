import { EditorState } from '@codemirror/state';
import { parseToolYaml } from '@raptscallions/tool-yaml/parse_tool_yaml';
import { describe, expect, it } from 'vitest';
import { lineBreaksOf } from './editor_extensions';
import { placeProblem, widen } from './place_problem';

const text = 'name: X\ntype: chat\nbehavior: x\nconstraints:\n  max_messages: forty # end\n';

describe('a problem', () => {
  it.each([
    ['LF', text],
    ['CRLF', text.replaceAll('\n', '\r\n')],
    ['no line break at the end', text.trimEnd()],
  ])('is placed at its words, and its fix too, in a document with %s', (_, doc) => {
    const state = EditorState.create({ doc, extensions: lineBreaksOf(doc) });
    expect(state.sliceDoc()).toBe(doc);
    const result = parseToolYaml(doc);
    const [problem] = result.ok ? [] : result.problems;
    if (!problem) throw new Error('there is a problem');
    const { from, to, fix } = placeProblem(state, problem);
    expect(state.sliceDoc(from, to)).toBe('forty');
    expect(fix && state.sliceDoc(fix.from, fix.to)).toBe('forty');
    const mended = state.update({ changes: fix }).state.sliceDoc();
    expect(mended).toBe(doc.replace('forty', '40'));
  });

  it('of nothing is shown at its neighbour, and one of another text within this one', () => {
    const state = EditorState.create({ doc: 'ab' });
    const problem = { severity: 'error', code: 'x', message: 'x', path: [] } as const;
    const far = { ...problem, line: 9, column: 9, endLine: 9, endColumn: 9, path: [] };
    const placed = placeProblem(state, far);
    expect([placed.from, placed.to]).toEqual([2, 2]);
    expect(widen(placed, state.doc.line(1))).toEqual({ from: 1, to: 2 });
  });
});
