import { describe, expect, it } from 'vitest';
import { finishTail } from './finish_tail';

describe('finishTail', () => {
  it.each([
    ['a **bold', 'a **bold**'],
    ['a **bold** word', 'a **bold** word'],
    ['a `code', 'a `code`'],
    ['a ~~gone', 'a ~~gone~~'],
    ['a **', 'a '],
    ['see [the page](https://exam', 'see the page'],
    ['see [the page', 'see the page'],
    ['so $x = ', 'so '],
    ['pay $5 now', 'pay $5 now'],
    ['text\n$$\nx + ', 'text'],
    ['so \\(x + ', 'so'],
    ['done $x$ and **y**', 'done $x$ and **y**'],
    ['```js\nlet a = **', '```js\nlet a = **'],
  ])('shows %j as %j', (from, to) => {
    expect(finishTail(from)).toBe(to);
  });
});
