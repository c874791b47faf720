import { describe, expect, it } from 'vitest';
import { plainLine } from './plain_line';

describe('a message as one plain line', () => {
  it('loses the marks and keeps the words', () => {
    expect(plainLine('*Practice model.*\n\nLet us look at $2x + 3 = 7$ **one** `move`.')).toBe(
      'Practice model. Let us look at 2x + 3 = 7 one move.',
    );
    expect(plainLine('# Title\n\n1. first\n2. second\n- third\n> said')).toBe(
      'Title first second third said',
    );
    expect(plainLine('see [the page](https://x.example) and ![a leaf](y.png)')).toBe(
      'see the page and a leaf',
    );
  });
  it('leaves alone what only looks like a mark', () => {
    expect(plainLine('2 * 3 * 4 is 24')).toBe('2 * 3 * 4 is 24');
    expect(plainLine('it costs $5 or $6')).toBe('it costs $5 or $6');
    expect(plainLine('snake_case_name')).toBe('snake_case_name');
  });
  it('does not choke on a long run of stars', () => {
    const before = performance.now();
    plainLine('*'.repeat(50_000));
    plainLine('**a '.repeat(20_000));
    expect(performance.now() - before).toBeLessThan(500);
  });
});
