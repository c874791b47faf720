import { describe, expect, it } from 'vitest';
import { exampleTools } from './example_tools';
import { isSendable, readToolHead, slugOf } from './read_tool_text';

describe('the text of a tool', () => {
  it.each(exampleTools.map((tool) => [tool.title, tool.yaml]))(
    'the example "%s" has no errors',
    (_, yaml) => {
      expect(isSendable(yaml)).toBe(true);
    },
  );
  it('gives lists what they show', () => {
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
  it('with errors is not sent and has no head', () => {
    for (const yaml of ['', '   ', 'name: [', 'name: x\nversion: soon\n']) {
      expect(isSendable(yaml)).toBe(false);
      expect(readToolHead(yaml)).toBeNull();
    }
  });
});

describe('a slug', () => {
  it('is lower case letters, digits and single dashes', () => {
    expect(slugOf('Éssay  Coach (Year 8)!')).toBe('essay-coach-year-8');
  });
  it('is never empty and never ends with a dash, however long the name', () => {
    expect(slugOf('数学')).toBe('tool');
    expect(slugOf(`${'a'.repeat(99)} b`)).toBe('a'.repeat(99));
  });
});
