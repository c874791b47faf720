import { describe, expect, it } from 'vitest';
import { parseToolYaml } from './parse_tool_yaml';

const head = 'name: X\ntype: chat\nbehavior: x\n';

function firstOf(text: string) {
  const result = parseToolYaml(text);
  return result.ok ? undefined : result.problems[0];
}
function told(text: string): string {
  const first = firstOf(text);
  return first ? `${first.line}:${first.column} ${first.code}` : 'nothing';
}

describe('what YAML can do and a tool may not', () => {
  it.each([
    ['an anchor', `${head}model: &m gpt\n`, '4:8 anchor'],
    ['an alias', `${head}model: *m\n`, '4:8 alias'],
    ['a tag', `${head}model: !!str gpt\n`, '4:8 tag'],
    ['a merge key', `${head}meta:\n  <<: { subject: a }\n`, '5:3 merge_key'],
    ['a directive', `%YAML 1.2\n---\n${head}`, '1:1 directive'],
    ['a second document', `---\n${head}---\nname: Y\n`, '5:1 many_documents'],
    ['a key twice', `${head}name: Y\n`, '4:1 duplicate_key'],
    ['a key twice, once quoted', `${head}"name": Y\n`, '4:1 duplicate_key'],
    ['a key twice inside', `${head}meta: { subject: a, subject: b }\n`, '4:21 duplicate_key'],
    ['__proto__', `${head}meta: { __proto__: { a: 1 } }\n`, '4:9 forbidden_key'],
    ['a quoted __proto__', `${head}"__proto__": 1\n`, '4:1 forbidden_key'],
    ['an escaped __proto__', `${head}"\\x5f_proto__": 1\n`, '4:1 forbidden_key'],
    ['constructor', `${head}constructor: 1\n`, '4:1 forbidden_key'],
    ['a list as a key', `${head}? [a]\n: b\n`, '4:3 complex_key'],
    ['no key', `${head}: b\n`, '4:1 empty_key'],
    ['infinity', `${head}constraints: { max_messages: .inf }\n`, '4:30 not_a_number'],
    ['a NUL', `${head}model: a\0b\n`, '4:9 control_character'],
    ['a control character in a comment', `${head}# a\u0007b\n`, '4:4 control_character'],
    ['half a surrogate pair', `${head}model: a\ud83d\n`, '4:9 control_character'],
    ['a list at the top', '- a\n', '1:1 no_map'],
    ['plain text', 'hello\n', '1:1 no_map'],
    ['nothing', '', '1:1 empty'],
    ['only a comment', '# later\n', '1:1 empty'],
    ['only a marker', '---\n', '1:1 empty'],
  ])('%s is refused at its place', (_, text, place) => {
    expect(told(text)).toBe(place);
  });

  it('a prototype is never touched', () => {
    parseToolYaml(`${head}__proto__: { polluted: true }\nconstructor: { prototype: { polluted: true } }\n`);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect('polluted' in {}).toBe(false);
  });

  it('64 kB are counted in bytes of UTF-8', () => {
    const fill = (character: string, bytes: number) =>
      `${head}# ${character.repeat((bytes - head.length - 2) / character.length)}`;
    expect(parseToolYaml(fill('a', 65_536)).ok).toBe(true);
    expect(told(fill('a', 65_537))).toBe('4:65506 too_large');
    // each of these is three bytes and one unit of a string
    expect(told(`${head}# ${'€'.repeat(21_900)}`)).toMatch(/^4:\d+ too_large$/);
  });

  it('depth ends at 32 and nodes at 5,000', () => {
    const nested = (depth: number) =>
      `name: X\ntype: product\nbehavior: x\ninput_schema: ${'{ a: '.repeat(depth)}1${' }'.repeat(depth)}\n`;
    expect(told(nested(31))).not.toContain('too_deep');
    expect(told(nested(32))).toContain('too_deep');
    const many = (nodes: number) => `${head}modules: [${'a, '.repeat(nodes)}]\n`;
    expect(told(many(4_990))).not.toContain('too_many_nodes');
    expect(told(many(5_000))).toContain('too_many_nodes');
  });
});

describe('an error of syntax', () => {
  it.each([
    ['a colon in text', 'name: Essay: coach\n', '1:12', 'name: "Essay: coach"\n'],
    ['an apostrophe in quotes', "name: 'Don't'\n", '1:12', 'name: "Don\'t"\n'],
    ['a star', 'name: *very* nice # yes\n', '1:7', undefined],
    ['an at sign', 'name: @me\n', '1:7', 'name: "@me"\n'],
    ['brackets before text', 'name: [aside] why\n', '1:15', 'name: "[aside] why"\n'],
    ['an open list', 'modules: [a, b\nname: X\n', '1:10', 'modules: [a, b]\nname: X\n'],
    ['an open list at the end', 'modules: [a, b', '1:10', 'modules: [a, b]'],
    ['an open quotation', 'name: "X\ntype: chat\n', '1:7', 'name: "X"\ntype: chat\n'],
    ['a missing space', 'name: X\ntype:chat\nbehavior: x\n', '2:1', 'name: X\ntype: chat\nbehavior: x\n'],
    ['a tab', 'meta:\n\tsubject: x\n', '2:1', 'meta:\n  subject: x\n'],
    ['a line too far right', 'name: X\n type: chat\n', '2:2', 'name: X\ntype: chat\n'],
    ['a line without a key', 'model: my own\nand only\ntype: chat\n', '2:1', undefined],
    ['a line that fits nowhere', 'meta:\n    subject: x\n  grades: [8]\n', '3:3', undefined],
    ['an unknown escape', 'name: "a\\qb"\n', '1:10', undefined],
  ])('%s is found where it was made', (_, text, place, fixed) => {
    const first = firstOf(text);
    expect(`${first?.line}:${first?.column} ${first?.code}`).toBe(`${place} syntax`);
    const fix = first?.fix;
    const mended = fix && text.slice(0, fix.from) + fix.insert + text.slice(fix.to);
    if (fixed !== undefined) expect(mended).toBe(fixed);
    if (mended !== undefined) expect(told(mended)).not.toContain('syntax');
  });
});

describe('a prompt that was pasted as it came', () => {
  const tail = 'constraints:\n  max_messages: 9\n';
  const block = `name: X\ntype: chat\nbehavior: |\n  You are a tutor.\n  Ask: what do they know?\n\n  - wait\n${tail}`;

  it.each([
    ['behind the colon', 'behavior: You are a tutor.\nAsk: what do they know?\n\n- wait\n'],
    ['below the colon', 'behavior:\nYou are a tutor.\nAsk: what do they know?\n\n- wait\n'],
    [
      'with indentation and without the bar',
      'behavior:\n  You are a tutor.\n  Ask: what do they know?\n\n  - wait\n',
    ],
    ['in quotes', 'behavior: "You are a tutor.\nAsk: what do they know?\n\n- wait"\n'],
    [
      'with a bar and without indentation',
      'behavior: |\nYou are a tutor.\nAsk: what do they know?\n\n- wait\n',
    ],
  ])('%s becomes a text block at one press', (_, behavior) => {
    const text = `name: X\ntype: chat\n${behavior}${tail}`;
    const fix = firstOf(text)?.fix;
    expect(fix && text.slice(0, fix.from) + fix.insert + text.slice(fix.to)).toBe(block);
    const crlf = text.replaceAll('\n', '\r\n');
    const crlfFix = firstOf(crlf)?.fix;
    expect(crlfFix && crlf.slice(0, crlfFix.from) + crlfFix.insert + crlf.slice(crlfFix.to)).toBe(
      block.replaceAll('\n', '\r\n'),
    );
  });

  it('is told where it leaves its block', () => {
    expect(told('behavior: |\n  You ask.\nAlways.\n  Wait.\ntype: chat\n')).toBe('3:1 syntax');
  });

  it('is left alone when the mistake is elsewhere', () => {
    const text = 'behavior: |\n  You ask.\n  Wait.\nmodel: a: b\n';
    expect(firstOf(text)?.fix?.insert).toBe('"a: b"');
  });
});
