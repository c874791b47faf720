import Ajv from 'ajv/dist/2020';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkJsonSchema } from './check_json_schema';
import { checkValue } from './check_value';

const schema = {
  type: 'object',
  required: ['title', 'grade'],
  additionalProperties: false,
  properties: {
    title: { type: 'string', minLength: 1, maxLength: 10 },
    grade: { type: 'integer', minimum: 1, maximum: 13 },
    level: { enum: ['easy', 'hard'] },
    due: { type: 'string', format: 'date' },
    sources: {
      type: 'array',
      maxItems: 2,
      uniqueItems: true,
      items: { type: 'object', required: ['url'], properties: { url: { type: 'string', format: 'uri' } } },
    },
  },
};
const right = { title: 'Leaves', grade: 8 };

describe('a value', () => {
  it.each([
    ['that fits has no flaw', right, []],
    [
      'that lacks what is needed says so at the field',
      { title: 'Leaves' },
      [{ path: ['grade'], message: 'This is needed.' }],
    ],
    [
      'of another type says what is wanted',
      { ...right, grade: '8' },
      [{ path: ['grade'], message: 'This must be a whole number.' }],
    ],
    [
      'beyond its limits says which',
      { title: 'A long title indeed', grade: 14 },
      [
        { path: ['title'], message: 'Write at most 10 characters; these are 19.' },
        { path: ['grade'], message: 'This must be at most 13.' },
      ],
    ],
    [
      'that is none of the choices names them',
      { ...right, level: 'mild' },
      [{ path: ['level'], message: 'Choose one of “easy”, “hard”.' }],
    ],
    [
      'inside a list says at which place',
      { ...right, sources: [{ url: 'https://a.example' }, { url: 'nowhere' }] },
      [{ path: ['sources', 1, 'url'], message: 'Write an address such as https://school.example.' }],
    ],
    [
      'that stands twice where each may stand once is marked the second time',
      { ...right, sources: [{ url: 'https://a.example' }, { url: 'https://a.example' }] },
      [{ path: ['sources', 1], message: 'This stands in the list already.' }],
    ],
    [
      'that nobody asked for is refused',
      { ...right, extra: 1 },
      [{ path: ['extra'], message: '“extra” is not one of the fields.' }],
    ],
    [
      'that is no day of the calendar is no date',
      { ...right, due: '2026-02-30' },
      [{ path: ['due'], message: 'Write a date such as 2026-11-21.' }],
    ],
  ])('%s', (_, value, flaws) => {
    expect(checkValue(schema, value)).toEqual(flaws);
  });

  it('is not searched for ever by a pattern made to hang', () => {
    const evil = { type: 'string', pattern: '^(a+)+$' };
    expect(checkJsonSchema({ type: 'object', properties: { evil } })).toEqual([]);
    const began = performance.now();
    expect(checkValue(evil, `${'a'.repeat(20_000)}!`)).toHaveLength(1);
    // A backtracking engine would still be at it when the sun goes out.
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('that names the prototype is only a name', () => {
    const value = JSON.parse('{"__proto__":{"title":"x"},"constructor":1}');
    expect(checkValue({ type: 'object', required: ['title'] }, value)).toEqual([
      { path: ['title'], message: 'This is needed.' },
    ]);
    expect(checkValue({ type: 'object', required: ['toString'] }, {})).toHaveLength(1);
  });
});

/** Schemas of the words we know, small enough that random values fit now and then. */
const { part: schemas } = fc.letrec<{ part: Record<string, unknown> }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small' },
    fc.record(
      {
        type: fc.constant('string'),
        minLength: fc.nat(3),
        maxLength: fc.integer({ min: 1, max: 4 }),
        pattern: fc.constantFrom('^a', 'b$', '[ab]+', '^(a|b)*$', '\\d'),
      },
      { requiredKeys: ['type'] },
    ),
    fc.record(
      {
        type: fc.constantFrom('integer', 'number'),
        minimum: fc.integer({ min: -2, max: 2 }),
        exclusiveMaximum: fc.integer({ min: 0, max: 4 }),
        multipleOf: fc.constantFrom(1, 2),
      },
      { requiredKeys: ['type'] },
    ),
    fc.constantFrom(
      { type: 'boolean' },
      { type: ['string', 'null'] },
      { const: 1 },
      { enum: ['a', 1, null, [1]] },
    ),
    fc.record(
      {
        type: fc.constant('array'),
        items: tie('part'),
        minItems: fc.nat(2),
        maxItems: fc.nat(3),
        uniqueItems: fc.boolean(),
      },
      { requiredKeys: ['type'] },
    ),
    fc.record(
      {
        type: fc.constant('object'),
        properties: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('part'), {
          maxKeys: 3,
          noNullPrototype: true,
        }),
        required: fc.uniqueArray(fc.constantFrom('a', 'b'), { maxLength: 2 }),
        additionalProperties: fc.boolean(),
        minProperties: fc.nat(2),
      },
      { requiredKeys: ['type'] },
    ),
    fc.record({ anyOf: fc.array(tie('part'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ oneOf: fc.array(tie('part'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie('part'), { minLength: 1, maxLength: 2 }) }),
    fc.record({ not: tie('part') }),
  ),
}));

const { value: values } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('', 'a', 'b', 'ab', 'abc', '1', '🌱', null, true, false, 0, 1, 2, 2.5, -1),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

it('a value fits where Ajv says that it fits, and nowhere else', () => {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  let fitting = 0;
  let asked = 0;
  fc.assert(
    fc.property(schemas, fc.array(values, { minLength: 5, maxLength: 10 }), (random, some) => {
      const fits = ajv.compile(random);
      for (const value of some) {
        asked++;
        const expected = fits(value);
        if (expected) fitting++;
        expect(checkValue(random, value).length === 0).toBe(expected);
      }
      ajv.removeSchema();
    }),
    { numRuns: 2_000, seed: 20_261_121 },
  );
  // Otherwise it would show nothing.
  expect(fitting / asked).toBeGreaterThan(0.05);
  expect(fitting / asked).toBeLessThan(0.95);
});
