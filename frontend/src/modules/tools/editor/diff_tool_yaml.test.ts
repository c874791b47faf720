import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffToolYaml, foldDiff } from './diff_tool_yaml';

const before = `name: X
behavior: |
  Ask what they think.
  Use pictures. Be brief.
constraints:
  no_direct_answers: true
  max_messages: 30
`;
const after = `name: X
behavior: |
  Ask what they think.
  Use one picture per idea.
constraints:
  no_direct_answers: true
  max_messages: 40
modules: [pii-filter]
`;

describe('comparing two versions', () => {
  it('shows what changed below the line above it, under the parts it belongs to', () => {
    const hunks = foldDiff(diffToolYaml(before, after));
    expect(hunks.map((hunk) => hunk.title)).toEqual([
      'behavior, 1 line changed',
      'constraints and modules, 2 lines changed',
    ]);
    expect(hunks[0]?.lines).toEqual([
      { kind: 'same', before: 3, after: 3, text: '  Ask what they think.' },
      { kind: 'del', before: 4, text: '  Use pictures. Be brief.' },
      { kind: 'ins', after: 4, text: '  Use one picture per idea.' },
    ]);
    expect(hunks[1]?.lines.map((line) => line.kind)).toEqual(['same', 'del', 'ins', 'ins']);
  });

  it('sees no change in how lines end', () => {
    expect(foldDiff(diffToolYaml(before, before.replaceAll('\n', '\r\n').trimEnd()))).toEqual([]);
  });

  it('names what was added to nothing and removed to nothing', () => {
    expect(foldDiff(diffToolYaml('', 'name: X\n'))).toEqual([
      { title: 'name, 1 line changed', lines: [{ kind: 'ins', after: 1, text: 'name: X' }] },
    ]);
    expect(foldDiff(diffToolYaml('name: X\n', ''))[0]?.lines).toEqual([
      { kind: 'del', before: 1, text: 'name: X' },
    ]);
  });

  it('holds both texts, whatever they are', () => {
    const text = fc.array(fc.constantFrom('a', 'b', '  c', '', 'name: x'), { maxLength: 30 });
    fc.assert(
      fc.property(text, text, (one, other) => {
        const lines = diffToolYaml(
          one.map((line) => `${line}\n`).join(''),
          other.map((line) => `${line}\n`).join(''),
        );
        expect(lines.filter((line) => line.kind !== 'ins').map((line) => line.text)).toEqual(one);
        expect(lines.filter((line) => line.kind !== 'del').map((line) => line.text)).toEqual(other);
        const numbers = lines.flatMap((line) => (line.kind === 'del' ? [] : [line.after]));
        expect(numbers).toEqual(other.map((_, at) => at + 1));
      }),
    );
  });

  it('with thousands of lines changed is one text in place of the other, found at once', () => {
    const made = (word: string) => Array.from({ length: 5_000 }, (_, at) => `${word} ${at}`).join('\n');
    const kinds = diffToolYaml(`same\n${made('one')}`, `same\n${made('other')}`).map((line) => line.kind);
    expect(kinds).toEqual([...Array(5_001).fill('del'), ...Array(5_001).fill('ins')]);
  });
});
