import { expect, test } from 'vitest';
import { resultToCsv } from './export_result';

const lines = (csv: string) => csv.replace('\ufeff', '').trimEnd().split('\r\n');

test('one list of groups is a table in the order of its schema, whatever stands beside it', () => {
  const items = { type: 'object', properties: { text: {}, points: {}, tags: {} } };
  const schema = { properties: { questions: { type: 'array', items } } };
  const csv = resultToCsv(schema, {
    title: 'Quiz',
    questions: [
      { tags: ['a', 'b'], text: 'Why?', points: 2 },
      { text: '=1+1', answer: 'no' },
    ],
  });
  expect(lines(csv)).toEqual(['text,points,tags,answer', 'Why?,2,a; b,', "'=1+1,,,no"]);
});

test('anything else is a row for each value', () => {
  expect(lines(resultToCsv({ properties: { a: {} } }, { c: null, a: { b: [1, true] } }))).toEqual([
    'Field,Value',
    'a › b 1,1',
    'a › b 2,true',
    'c,',
  ]);
});
