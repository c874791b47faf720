import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { describe, expect, it } from 'vitest';
import { splitBlocks } from './split_blocks';

function html(text: string): string {
  const markup = renderToStaticMarkup(createElement(ReactMarkdown, { remarkPlugins: [remarkGfm] }, text));
  return markup.trim();
}

/** White space between blocks says nothing. */
function even(markup: string): string {
  return markup
    .replace(/\s+/g, ' ')
    .replace(/ ?(<\/?(?:p|h\d|hr|ul|ol|li|pre|table|blockquote)\b[^>]*>) ?/g, '$1')
    .trim();
}

const samples: Record<string, string> = {
  paragraphs: 'One\n\nTwo\nstill two\n\n\n\nThree',
  'a list with blank lines between its items': '1. a\n\n2. b\n\n3. c\n\nAfter',
  'a list whose item goes on after a blank line': '- a\n\n  more of a\n\n- b\n\nAfter',
  'code with blank lines': 'Look:\n\n```js\nlet a;\n\nlet b;\n```\n\nDone',
  'code inside a list item': '1. Do\n\n   ```sh\n   one\n\n   two\n   ```\n\n2. Then\n\nEnd',
  'a longer fence around a shorter one': '````md\n```\n\nx\n```\n\n````\n\nEnd',
  'tildes around backticks': '~~~\n```\n\nx\n~~~\n\nEnd',
  'inline code that looks like a fence': '```a``` b\n\nnext',
  'a table between paragraphs': 'Try\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nEnd',
  'a quote and what follows': '> said\n> so\n\nEnd',
  'a heading, a rule and a list': '# H\n\n---\n\n* a\n* b\n\n+ c',
  'a link definition at the end': 'See [this][1].\n\nMore.\n\n[1]: https://example.org',
  'a footnote': 'Fact[^1].\n\nMore.\n\n[^1]: Source',
  'indented code after a paragraph': 'Text\n\n    code\n\n    more\n\nEnd',
  'raw HTML that swallows blank lines': 'Hi\n\n<pre>\n\n**not bold**\n\n</pre>\n\nEnd',
};

describe('parts of a text mean together what the whole means', () => {
  for (const [name, text] of Object.entries(samples)) {
    it(name, () => {
      expect(even(splitBlocks(text).map(html).join(' '))).toBe(even(html(text)));
    });
  }
});

describe('a growing text keeps its finished parts', () => {
  for (const [name, text] of Object.entries(samples)) {
    it(name, () => {
      // Only a definition may join what stood apart: its links could not be known before.
      if (/^\[[^\]]+\]:/m.test(text)) return;
      let before: string[] = [];
      for (let end = 1; end <= text.length; end++) {
        const now = splitBlocks(text.slice(0, end));
        const finished = before.slice(0, -1);
        expect(now.slice(0, finished.length)).toEqual(finished);
        before = now;
      }
    });
  }
});

describe('splitBlocks', () => {
  it('cuts ordinary paragraphs apart', () => {
    expect(splitBlocks('a\n\nb\n\n\nc')).toEqual(['a', 'b', 'c']);
  });

  it('keeps an open fence and an open formula in one part', () => {
    expect(splitBlocks('a\n\n```\nx\n\ny')).toEqual(['a', '```\nx\n\ny']);
    expect(splitBlocks('a\n\n$$\nx\n\ny')).toEqual(['a', '$$\nx\n\ny']);
  });

  it('reads a hundred thousand blank lines and as many markers in well under a second', () => {
    const started = performance.now();
    splitBlocks(`a${'\n'.repeat(100_000)}b`);
    splitBlocks('- \n\n'.repeat(50_000));
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
