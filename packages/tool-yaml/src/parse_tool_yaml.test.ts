import { describe, expect, it } from 'vitest';
import { parseToolYaml } from './parse_tool_yaml';
import type { ToolProblem } from './tool_problem';

const head = 'name: Leaf Coach\ntype: chat\nbehavior: Be kind.\n';

function problemsIn(text: string): ToolProblem[] {
  const result = parseToolYaml(text);
  return result.ok ? [] : result.problems;
}
/** `13:17 code`, and the text the problem is marked at, so that a wrong place shows in the failure. */
function placesIn(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/);
  return problemsIn(text).map(({ line, column, endLine, endColumn, code }) => {
    const row = lines[line - 1] ?? '';
    return `${line}:${column} ${code} ${row.slice(column - 1, endLine === line ? endColumn - 1 : undefined)}`;
  });
}
function fixed(text: string): string {
  const fix = problemsIn(text)[0]?.fix;
  if (!fix) return 'no fix';
  return text.slice(0, fix.from) + fix.insert + text.slice(fix.to);
}

describe('a tool that is right', () => {
  it('is read with its defaults', () => {
    expect(parseToolYaml(head)).toEqual({
      ok: true,
      warnings: [],
      tool: {
        name: 'Leaf Coach',
        type: 'chat',
        version: '1.0.0',
        behavior: 'Be kind.',
        constraints: { topics: [], no_direct_answers: false },
        modules: [],
        tests: [],
        meta: { grades: [] },
      },
    });
  });

  it('may use every style of YAML, comments, CRLF, a byte order mark and one document marker', () => {
    const text = [
      '\uFEFF--- # the tool',
      '"name": \'It\'\'s "Leaf"\'',
      'type: "chat" # a talk',
      'behavior: >-',
      '  Be kind',
      '  and brief.',
      'constraints: {topics: [a, "b, c"], max_messages: 40,',
      '  no_direct_answers: true}',
      'tests:',
      '- name: asks',
      '  input: |',
      '    Why?',
      '  expect:',
      '    contains_question: true',
      'meta:',
      '  grades: [8, KS3]',
    ].join('\r\n');
    const result = parseToolYaml(text);
    expect(result.ok && result.tool).toMatchObject({
      name: 'It\'s "Leaf"',
      behavior: 'Be kind and brief.',
      constraints: { topics: ['a', 'b, c'], max_messages: 40, no_direct_answers: true },
      tests: [{ name: 'asks', input: 'Why?\n', expect: { contains_question: true } }],
      meta: { grades: [8, 'KS3'] },
    });
  });

  it('may be a product when both schemas are there', () => {
    const schema = '\n  type: object\n  properties:\n    topic: { type: string }\n  required: [topic]\n';
    const text = `${head.replace('chat', 'product')}input_schema:${schema}output_schema:${schema}`;
    expect(parseToolYaml(text).ok).toBe(true);
    expect(placesIn(`${head.replace('chat', 'product')}input_schema:${schema}`)).toEqual([
      '2:7 missing_key product',
    ]);
    expect(placesIn(`${head}input_schema:${schema}`)).toEqual(['4:1 wrong_kind input_schema']);
  });
});

describe('a wrong value', () => {
  it('is marked itself, and the message says the rule and what was written', () => {
    const text = `${head}constraints:\n  no_direct_answers: true\n  max_messages: forty\n`;
    expect(problemsIn(text)).toEqual([
      {
        severity: 'error',
        line: 6,
        column: 17,
        endLine: 6,
        endColumn: 22,
        path: ['constraints', 'max_messages'],
        code: 'wrong_value',
        message: 'max_messages must be a whole number from 1 to 500. You wrote “forty”.',
        fix: {
          label: 'Change to 40',
          from: text.indexOf('forty'),
          to: text.indexOf('forty') + 5,
          insert: '40',
        },
      },
    ]);
  });

  it.each([
    ['in flow style', 'constraints: { topics: [a], max_messages: 0 }\n', '4:43 wrong_value 0'],
    ['behind quoted keys', '"constraints":\n  "max_messages": 900\n', '5:19 wrong_value 900'],
    ['in double quotes', 'version: "1.0"\n', '4:10 wrong_value "1.0"'],
    ['in a list', 'constraints:\n  topics:\n    - a\n    - 12 # twelve\n', '7:7 wrong_value 12'],
    ['in a flow list over lines', 'constraints:\n  topics: [a,\n    7]\n', '6:5 wrong_value 7'],
    [
      'in a list of maps',
      'tests:\n  - name: a\n    input: b\n    expect: { max_words: few }\n',
      '7:26 wrong_value few',
    ],
    [
      'that is a block',
      `meta:\n  description: | # long\n    ${'word '.repeat(120)}\n`,
      '5:16 wrong_value | # long',
    ],
    [
      'that is a map',
      'behavior2: x\nmeta:\n  subject:\n    a: b\n',
      '4:1 unknown_key behavior2,7:5 wrong_value a: b',
    ],
  ])('%s is found', (_, text, place) => {
    expect(placesIn(head + text).join()).toBe(place);
  });

  it('after CRLF and behind a byte order mark is at its line', () => {
    const text = `\uFEFF${head}constraints:\n  max_messages: forty\n`.replaceAll('\n', '\r\n');
    expect(placesIn(text)).toEqual(['5:17 wrong_value forty']);
  });

  it('that was left out is marked at its key, or at the dash of a list', () => {
    expect(placesIn(`${head}model:\nconstraints:\n  topics:\n    - a\n    -\n    - b\n`)).toEqual([
      '4:1 empty_value model',
      '8:5 empty_value -',
    ]);
    expect(placesIn(`${head}meta: { subject: , grades: [8] }\n`)).toEqual(['4:9 empty_value subject']);
  });

  it('of blanks only is no text', () => {
    expect(placesIn('name: " "\ntype: chat\nbehavior: |\n\n')).toEqual([
      '1:7 wrong_value " "',
      '3:11 wrong_value |',
    ]);
  });
});

describe('keys', () => {
  it('that are missing are told at what they are missing from', () => {
    expect(placesIn('# mine\nname: X\n')).toEqual(['2:1 missing_key name', '2:1 missing_key name']);
    expect(placesIn(`${head}tests:\n  - name: a\n    expect: { contains: b }\n`)).toEqual([
      '5:5 missing_key name',
    ]);
    expect(placesIn(`${head}tests: [{ name: a, input: b }]\n`)).toEqual(['4:11 missing_key name']);
  });

  it('that are unknown are marked themselves, and the nearest known one is offered', () => {
    const text = `${head}constraints:\n  max_message: 4\n  colour: red\n`;
    expect(placesIn(text)).toEqual(['5:3 unknown_key max_message', '6:3 unknown_key colour']);
    expect(problemsIn(text)[0]?.fix?.label).toBe('Rename to max_messages');
    expect(problemsIn(text)[1]?.message).toBe(
      '“colour” is not a key here. Known are topics, no_direct_answers and max_messages.',
    );
  });

  it('that are misspelt are not missing as well', () => {
    expect(placesIn('name: X\ntype: chat\nbehaviour: kind\n')).toEqual(['3:1 unknown_key behaviour']);
    expect(fixed('name: X\ntype: chat\nsystem prompt: kind\n')).toBe('name: X\ntype: chat\nbehavior: kind\n');
  });

  it('at the wrong level are told where they belong', () => {
    const message = (text: string) => problemsIn(head + text)[0]?.message;
    expect(message('max_messages: 4\n')).toBe(
      'max_messages belongs under constraints, indented by two spaces.',
    );
    expect(message('subject: biology\n')).toBe('subject belongs under meta, indented by two spaces.');
    expect(message('constraints:\n  modules: [a]\n')).toBe(
      'modules belongs at the left margin, not under constraints.',
    );
  });

  it('are never offered a name that stands there already', () => {
    const [problem] = problemsIn(`${head}behaviour: x\n`);
    expect(problem?.message).toContain('Keep one of them');
    expect(problem?.fix).toBeUndefined();
  });
});

describe('a fix', () => {
  it.each([
    [
      'number words',
      'constraints: { max_messages: one hundred and twenty }',
      'constraints: { max_messages: 120 }',
    ],
    ['quoted numbers', 'constraints: { max_messages: "40" }', 'constraints: { max_messages: 40 }'],
    ['counted things', 'constraints: { max_messages: 40 messages }', 'constraints: { max_messages: 40 }'],
    [
      'truths of other languages',
      'constraints: { no_direct_answers: Yes }',
      'constraints: { no_direct_answers: true }',
    ],
    ['short versions', 'version: 2.1', 'version: 2.1.0'],
    ['versions with a v', 'version: v2.1.3', 'version: 2.1.3'],
    ['text that looks like a number', 'model: 007', 'model: "007"'],
    ['one thing for a list', 'modules: pii-filter', 'modules: [pii-filter]'],
    ['several things for a list', 'modules: pii-filter, topic-fence', 'modules: [pii-filter, topic-fence]'],
    ['one number for a list', 'meta: { grades: 8 }', 'meta: { grades: [8] }'],
  ])('of %s leaves nothing to mend', (_, wrong, right) => {
    expect(fixed(`${head}${wrong} # end\n`)).toBe(`${head}${right} # end\n`);
    expect(parseToolYaml(`${head}${right}\n`).ok).toBe(true);
  });

  it('of a near miss changes the word', () => {
    expect(fixed('name: X\ntype: Chat\nbehavior: x\n')).toBe('name: X\ntype: chat\nbehavior: x\n');
    expect(fixed('name: X\ntype: chatbot\nbehavior: x\n')).toBe('name: X\ntype: chat\nbehavior: x\n');
  });

  it.each([
    'constraints: { max_messages: 900 }',
    'constraints: { max_messages: 4.5 }',
    'constraints: { max_messages: many }',
    'constraints: { max_messages: twenty ten }',
    'constraints: { no_direct_answers: maybe }',
    'version: newest',
    `model: ${'x'.repeat(300)}`,
  ])('is not offered where it would be a guess: %s', (line) => {
    expect(fixed(`${head}${line}\n`)).toBe('no fix');
  });
});

describe('what a tool may have but its author wants to know', () => {
  it('comes as warnings with a place', () => {
    const text = `${head.replace('Be kind.', 'Quiz on [your subject], see [this](/x).')}constraints: { topics: [a, A] }
tests:
  - name: x
    input: y
    expect: { blocked_by: topic-fence }
  - name: X
    input: y
    expect: { contains: y }
`;
    const result = parseToolYaml(text);
    const warnings = result.ok ? result.warnings : [];
    expect(
      warnings.map(({ severity, line, column, code }) => `${severity} ${line}:${column} ${code}`),
    ).toEqual([
      'warning 3:19 gap',
      'warning 4:28 repeated_topic',
      'warning 8:27 absent_module',
      'warning 9:11 repeated_test',
    ]);
  });
});

describe('text that a # cuts short', () => {
  it('is told, but not where a comment was meant', () => {
    const cut = parseToolYaml('name: X\ntype: chat\nbehavior: Talk about problem #4 only\n');
    expect(cut.ok && cut.warnings.map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual([
      '3:30 cut_text',
    ]);
    const meant = parseToolYaml('name: X\ntype: chat\nbehavior: Be kind # for now\n');
    expect(meant.ok && meant.warnings).toEqual([]);
  });
});

describe('the shapes of a product', () => {
  it('are checked where they are wrong', () => {
    const output = 'output_schema: { type: object, properties: {} }\n';
    const text = `name: X
type: product
behavior: x
${output}input_schema:
  type: dict
  properties:
    topic: { type: text }
    level: string
    deep: { type: object, properties: { a: { $ref: "#" } } }
    list: { type: array, items: { type: [string, nil] } }
  required: [topic, colour]
`;
    expect(placesIn(text)).toEqual([
      '6:9 wrong_value dict',
      '8:20 wrong_value text',
      '9:12 wrong_value string',
      '10:52 wrong_value "#"',
      '11:50 wrong_value nil',
      '12:21 wrong_value colour',
    ]);
    expect(problemsIn(text).map((problem) => problem.fix?.insert)).toEqual([
      'object',
      'string',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
