import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseToolYaml } from './parse_tool_yaml';
import { toolTemplates } from './tool_templates';

/**
 * Processor time, since other work may share the machine; the bound leaves room for a cold or slow one.
 * Warm, the worst of these takes under 30 ms.
 */
const mostMs = 150;

function costOf(text: string): number {
  const before = process.cpuUsage();
  const result = parseToolYaml(text);
  const { user, system } = process.cpuUsage(before);
  const lines = text.split(/\r\n|\r|\n/);
  for (const problem of result.ok ? result.warnings : result.problems) {
    expect(problem.line).toBeGreaterThanOrEqual(1);
    expect(problem.line).toBeLessThanOrEqual(lines.length);
    expect(problem.column).toBeGreaterThanOrEqual(1);
    expect(problem.column).toBeLessThanOrEqual((lines[problem.line - 1] ?? '').length + 1);
    expect(problem.endLine * 1e6 + problem.endColumn).toBeGreaterThanOrEqual(
      problem.line * 1e6 + problem.column,
    );
    expect(problem.message).toMatch(/\S/);
    if (problem.fix) expect(text.slice(problem.fix.from, problem.fix.to)).not.toBe(problem.fix.insert);
  }
  return (user + system) / 1000;
}

const fill = (part: string) => part.repeat(Math.floor(65_000 / part.length));
const nest = (part: (depth: number) => string) =>
  Array.from({ length: 200 }, (_, depth) => part(depth)).join('');

const nasty: [string, string][] = [
  ['brackets', fill('[')],
  ['braces', fill('{a: ')],
  ['dashes', fill('- ')],
  ['question marks', fill('? ')],
  ['questions in flow', fill('? [')],
  ['an endless list', `modules: [${fill('a,')}`],
  ['pairs in a list', `modules: [${fill('a: b,')}]`],
  ['explicit pairs', `[${fill('? a,')}]`],
  ['short keys', fill('a: b\n')],
  ['different keys', Array.from({ length: 6_000 }, (_, index) => `k${index}: 1`).join('\n')],
  ['near misses', Array.from({ length: 2_000 }, (_, index) => `nam${index}: 1`).join('\n')],
  ['one key again', `name: x\n${fill('name: y\n').slice(0, 18_000)}`],
  ['empty keys', fill(': \n').slice(0, 7_000)],
  ['wrong tests', `tests:\n${fill('  - a: 1\n').slice(0, 14_000)}`],
  ['empty entries', `modules:\n${fill('  -\n').slice(0, 18_000)}`],
  ['documents', fill('---\n')],
  ['document ends', fill('...\n')],
  ['directives', fill('%A b\n')],
  ['tag directives', Array.from({ length: 3_000 }, (_, index) => `%TAG !a${index}! b`).join('\n')],
  ['anchors', `a: ${fill('&a ')}`],
  ['anchors on lines', fill('&a\n')],
  ['an alias bomb', `a: &a [x, x]\n${nest((depth) => `b${depth}: &b${depth} [*a, *a, *a, *a]\n`)}`],
  ['aliases', `a: [${fill('*a, ')}]`],
  ['tags', fill('!a ')],
  ['tagged nodes', `a: [${fill('!!str a, ')}]`],
  ['deeper and deeper', nest((depth) => `${' '.repeat(depth)}a:\n`)],
  ['properties and depth', nest((depth) => `${' '.repeat(depth)}&a${depth} !t\n`).slice(0, 65_000)],
  ['a long line', `name: ${fill('a')}`],
  ['a long line of colons', `name: ${fill('a: ')}`],
  ['a long word with colons', fill('a:')],
  ['a long key', `${fill('a')}: b`],
  ['blanks', `name:${fill(' ')}x`],
  ['blanks and nothing', fill(' ')],
  ['blanks before text', `${fill(' \n')}x: [`],
  ['tabs', fill('\t')],
  ['tabs in lines', `a:\n${fill('\tb: c\n')}`],
  ['line breaks', fill('\n')],
  ['carriage returns', fill('\r')],
  ['CRLF', fill('a: |\r\n')],
  ['byte order marks', fill('\uFEFF').slice(0, 21_000)],
  ['byte order marks on lines', `a: |\n${fill('\uFEFF\n').slice(0, 32_000)}`],
  ['comments', fill('# \n')],
  ['one comment', `# ${fill('|#>')}`],
  ['comment before a block', `a: # ${fill('| # ').slice(0, 60_000)}\n  |\n  x`],
  ['a block of blanks', `a: |\n${fill('  \n')}x: y`],
  ['a folded block', `a: >\n${fill('  b\n\n')}`],
  ['quotes', fill('"')],
  ['single quotes', fill("'")],
  ['quotes never closed', fill('a: "b\n')],
  ['escapes', `a: "${fill('\\n')}"`],
  ['bad escapes', `a: "${fill('\\q')}"`],
  ['folded escapes', `a: "${fill('\\\n')}"`],
  ['brackets never closed', `${fill('a: [b\n')}`],
  ['dashes in a line', `${fill('- ')}a: b: c`],
  ['dashes without blanks', fill('-')],
  ['gaps', `name: x\ntype: chat\nbehavior: "${fill('[your words] ').slice(0, 19_000)}"`],
  ['half gaps', `name: x\ntype: chat\nbehavior: "${fill('[').slice(0, 19_000)}"`],
  ['a loose text', `behavior: |\n${fill('text\n').slice(0, 40_000)}type: chat: x`],
  ['loose quotes', `behavior: "${fill('text: x\n')}`],
  ['many behaviors', fill('behavior:\nx\n')],
  ['surrogates', fill('\ud83d')],
  ['control characters', fill('\u0001')],
  ['emoji', fill('😀: x\n').slice(0, 40_000)],
  ['numbers', `a: ${fill('9')}`],
  ['exponents', 'a: 1e999999999'],
  [
    'deep schemas',
    `type: product\ninput_schema: ${'{type: object, properties: {a: '.repeat(14)}1${'}}'.repeat(14)}`,
  ],
  [
    'wide schemas',
    `input_schema: { properties: {${Array.from({ length: 1_200 }, (_, index) => `p${index}: {type: x}`).join(',')}}}`,
  ],
];

describe('no text', () => {
  it.each(nasty)('made of %s throws or takes long', (_, text) => {
    costOf(text);
    expect(costOf(text)).toBeLessThan(mostMs);
  });

  it('far beyond the limit costs more than one at the limit', () => {
    expect(costOf('a: [b\n'.repeat(500_000))).toBeLessThan(mostMs);
  });

  it('made of pieces of YAML throws, takes long, or is told a place outside of itself', () => {
    const piece = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.constantFrom(...'[ ] { } , : - ? & * ! | > % @ ` " \' # \\ ~ . ='.split(' ')),
      },
      {
        weight: 4,
        arbitrary: fc.constantFrom('\n', '\r\n', '\r', ' ', '  ', '    ', '\t', ': ', '- ', '\n- ', '\n  '),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          '&a ',
          '*a',
          '!!str ',
          '!<x> ',
          '<<: ',
          '---\n',
          '...\n',
          '%TAG ! x\n',
          '\uFEFF',
        ),
      },
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          'name',
          'type',
          'behavior',
          'tests',
          'constraints',
          'topics',
          'expect',
          'meta',
        ),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          'chat',
          'forty',
          '1.0',
          '.nan',
          'true',
          '__proto__',
          '😀',
          '\ud800',
          '\0',
          '\u2028',
        ),
      },
    );
    const text = fc.array(piece, { maxLength: 400 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, (sample) => costOf(sample) < mostMs),
      { numRuns: 3_000, seed: 20_240_911 },
    );
  });

  it('that is a good tool with a slip in it throws or takes long', () => {
    const slip = fc.record({
      template: fc.constantFrom(...toolTemplates.map((one) => one.yaml)),
      at: fc.nat(1_500),
      length: fc.nat(12),
      insert: fc.string({ maxLength: 6, unit: 'binary' }),
    });
    fc.assert(
      fc.property(slip, ({ template, at, length, insert }) => {
        return costOf(template.slice(0, at) + insert + template.slice(at + length)) < mostMs;
      }),
      { numRuns: 2_000, seed: 7 },
    );
  });

  it('is changed by a fix into one with the same mistake at the same place', () => {
    const key = fc.constantFrom(
      'name',
      'nmae',
      'type',
      'version',
      'behaviour',
      'model',
      'modules',
      'max_messages',
    );
    const value = fc.constantFrom(
      'X',
      'chta',
      '1.0',
      'forty',
      'yes',
      '007',
      'a, b',
      'a: b',
      '*a',
      "'a'b",
      '[a',
      '',
      '"q',
    );
    const text = fc
      .array(fc.tuple(key, value), { maxLength: 8 })
      .map((rows) => rows.map((row) => row.join(': ')).join('\n'));
    fc.assert(
      fc.property(text, (sample) => {
        const result = parseToolYaml(sample);
        if (result.ok) return;
        for (const { fix, code, line, column } of result.problems) {
          if (!fix) continue;
          const after = parseToolYaml(sample.slice(0, fix.from) + fix.insert + sample.slice(fix.to));
          const again = after.ok
            ? []
            : after.problems.map((problem) => [problem.line, problem.column, problem.code]);
          expect(again).not.toContainEqual([line, column, code]);
        }
      }),
      { numRuns: 1_000, seed: 3 },
    );
  });
});
