import { expect, test } from 'vitest';
import { readToolHead, slugOf } from './read_tool_head';

test('the head of a text gives lists what they show', () => {
  const yaml =
    'name: Essay Coach\ntype: chat\nversion: 1.2.0\nbehavior: Ask.\nconstraints:\n  max_messages: 40\nmeta:\n  subject: english\n';
  expect(readToolHead(yaml)).toMatchObject({
    name: 'Essay Coach',
    slug: 'essay-coach',
    version: '1.2.0',
    kind: 'chat',
    subject: 'english',
    maxMessages: 40,
  });
});

test('of the shape of a result the notes are left out, which tell the AI what to do', () => {
  const yaml =
    'name: Quiz\ntype: product\nbehavior: Ask.\ninput_schema:\n  type: object\n  properties:\n    topic: { type: string, description: Of the quiz }\noutput_schema:\n  type: object\n  properties:\n    text: { type: string, description: Be strict }\n';
  const head = readToolHead(yaml);
  expect(head?.inputSchema).toContain('Of the quiz');
  expect(head?.outputSchema).toContain('text');
  expect(head?.outputSchema).not.toContain('strict');
});

test('a text with errors has no head', () => {
  for (const yaml of ['', '   ', 'name: [', 'name: x\nversion: soon\n'])
    expect(readToolHead(yaml)).toBeNull();
});

test('a slug is lower case letters, digits and single dashes', () => {
  expect(slugOf('Éssay  Coach (Year 8)!')).toBe('essay-coach-year-8');
});

test('a slug is never empty and never ends with a dash, however long the name', () => {
  expect(slugOf('数学')).toBe('tool');
  expect(slugOf(`${'a'.repeat(99)} b`)).toBe('a'.repeat(99));
});
