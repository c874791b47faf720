import { CompletionContext } from '@codemirror/autocomplete';
import { yaml } from '@codemirror/lang-yaml';
import { EditorState } from '@codemirror/state';
import { describe, expect, it } from 'vitest';
import { completeKeys } from './complete_keys';

/** @param text with `§` where the cursor is */
function offered(text: string): string[] {
  const pos = text.indexOf('§');
  const state = EditorState.create({ doc: text.replace('§', ''), extensions: yaml() });
  return (completeKeys(new CompletionContext(state, pos, true))?.options ?? []).map((option) => option.label);
}

const testKeys = ['name', 'input', 'expect'];
const expectKeys = [
  'contains',
  'not_contains',
  'contains_question',
  'max_words',
  'blocked_by',
  'direct_answer',
];

describe('the keys offered', () => {
  it.each([
    ['at the margin', 'name: X\nty§', ['name', 'type', 'version', 'model', 'behavior']],
    ['under a key', 'constraints:\n  to§', ['topics', 'no_direct_answers', 'max_messages']],
    [
      'under a key, after others',
      'meta:\n  subject: x\n\n  # more\n  gr§',
      ['subject', 'grades', 'description'],
    ],
    ['in a list', 'tests:\n  - na§', testKeys],
    ['in a list at the margin', 'tests:\n- na§', testKeys],
    ['in the second line of an entry', 'tests:\n  - name: a\n    in§', testKeys],
    ['in an entry at the margin', 'tests:\n- name: a\n  in§', testKeys],
    ['in a further entry', 'tests:\n  - name: a\n    input: b\n  - na§', testKeys],
    ['below an entry', 'tests:\n  - name: a\n    expect:\n      co§', expectKeys],
    ['below the first key of an entry', 'tests:\n  - expect:\n      co§', expectKeys],
    ['in braces', 'tests:\n  - name: a\n    expect: { contains: x, ma§', expectKeys],
    ['in text', 'behavior: |\n  na§', []],
    ['in a comment', '# na§', []],
    ['below a value', 'name: X\n  ty§', []],
    ['inside a schema', 'input_schema:\n  ty§', []],
  ])('%s are those that may stand there', (_, text, keys) => {
    expect(offered(text).slice(0, Math.max(keys.length, 1))).toEqual(keys);
  });
});

describe('the words offered', () => {
  it('are the values a key can have', () => {
    expect(offered('type: §')).toEqual(['chat', 'product']);
    expect(offered('constraints:\n  no_direct_answers: t§')).toEqual(['true', 'false']);
    expect(offered('name: c§')).toEqual([]);
  });
});
