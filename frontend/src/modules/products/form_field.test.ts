import { expect, test } from 'vitest';
import { fieldKind, initialValue, labelOf, readValue } from './form_field';

test.each([
  [
    { type: 'string', maxLength: 60 },
    { kind: 'line', input: 'text' },
  ],
  [{ type: 'string' }, { kind: 'lines' }],
  [
    { type: ['string', 'null'], maxLength: 9 },
    { kind: 'line', input: 'text' },
  ],
  [
    { type: 'string', format: 'date' },
    { kind: 'line', input: 'date' },
  ],
  [{ type: 'integer' }, { kind: 'number' }],
  [{ type: 'boolean' }, { kind: 'truth' }],
  [{ type: ['string', 'integer'] }, { kind: 'json' }],
  [
    { enum: ['a', 1, true] },
    {
      kind: 'choice',
      choices: [
        { value: 'a', label: 'a' },
        { value: 1, label: '1' },
        { value: true, label: 'Yes' },
      ],
    },
  ],
  [{ oneOf: [{ const: 'e', title: 'Easy' }] }, { kind: 'choice', choices: [{ value: 'e', label: 'Easy' }] }],
  [
    { type: 'array', uniqueItems: true, items: { enum: ['a'] } },
    { kind: 'choices', choices: [{ value: 'a', label: 'a' }] },
  ],
  [
    { type: 'array', items: { enum: ['a'] } },
    { kind: 'list', items: { enum: ['a'] } },
  ],
])('%j is filled in by its kind of field', (schema, kind) => {
  expect(fieldKind(schema)).toEqual(kind);
});

test('a field is called by its title, or by its name made readable', () => {
  expect(labelOf('x', { title: 'Your topic' })).toBe('Your topic');
  expect([labelOf('dueDate', {}), labelOf('word_count', {})]).toEqual(['Due date', 'Word count']);
});

const schema = {
  type: 'object',
  required: ['topic'],
  properties: {
    topic: { type: 'string' },
    pages: { type: 'integer', default: 2 },
    goals: { type: 'array', minItems: 2, items: { type: 'string' } },
    more: { type: 'object', properties: { note: { type: 'string' } } },
  },
};

test('a form begins with its defaults and with room for what a list must have', () => {
  expect(initialValue(schema)).toEqual({ pages: 2, goals: ['', ''], more: {} });
});

test('what is left empty is left out, numbers are read, and what is none is kept to be told', () => {
  expect(readValue(schema, { topic: ' ', pages: '3', goals: [], more: { note: '' } })).toEqual({
    pages: 3,
    more: {},
  });
  expect(readValue(schema, { pages: 'many' })).toEqual({ pages: 'many' });
  expect(readValue({ type: 'number' }, '2,5')).toBe(2.5);
  expect(readValue({ type: 'boolean' }, undefined)).toBe(false);
});
