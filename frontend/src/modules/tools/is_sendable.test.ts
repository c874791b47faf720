import { describe, expect, it } from 'vitest';
import { exampleTools } from './example_tools';
import { isSendable } from './is_sendable';

describe('the text of a tool', () => {
  it.each(exampleTools.map((tool) => [tool.title, tool.yaml]))(
    'the example "%s" has no errors',
    (_, yaml) => {
      expect(isSendable(yaml)).toBe(true);
    },
  );
  it('with errors is not sent', () => {
    for (const yaml of ['', '   ', 'name: [', 'name: x\nversion: soon\n'])
      expect(isSendable(yaml)).toBe(false);
  });
});
