import { describe, expect, it } from 'vitest';
import { hasMath, normalizeMath } from './read_math';

describe('normalizeMath', () => {
  it.each([
    ['it costs $5 and then $6', 'it costs \\$5 and then \\$6'],
    ['between $5-$10', 'between \\$5-\\$10'],
    ['so $x = 2$ holds', 'so $x = 2$ holds'],
    ['so \\(x = 2\\) holds', 'so $x = 2$ holds'],
    ['\\[x^2\\]', '$$\nx^2\n$$'],
    ['$$x^2$$', '$$\nx^2\n$$'],
    ['1. see\n   $$x^2$$', '1. see\n   $$\n   x^2\n   $$'],
    ['$$a\n+ b$$', '$$\na\n+ b\n$$'],
    ['here $$x$$ too', 'here $$x$$ too'],
    ['`echo $HOME $PATH`', '`echo $HOME $PATH`'],
    ['- run\n  ```sh\n  echo $A $B\n  ```', '- run\n  ```sh\n  echo $A $B\n  ```'],
    ['already \\$5', 'already \\$5'],
    ['a $ b', 'a \\$ b'],
  ])('reads %j as %j', (from, to) => {
    expect(normalizeMath(from)).toBe(to);
  });

  it('needs time in proportion to the text, whatever the text', () => {
    const started = performance.now();
    for (const piece of ['`', '``` ', '$', '$$ ', '\\[', '\\(', '$a ', '` `` '])
      normalizeMath(piece.repeat(20_000));
    expect(performance.now() - started).toBeLessThan(1_500);
  });
});

describe('hasMath', () => {
  it('sees formulas and not money', () => {
    expect(hasMath(normalizeMath('so $x$'))).toBe(true);
    expect(hasMath('```math\nx\n```')).toBe(true);
    expect(hasMath(normalizeMath('from $5 to $6'))).toBe(false);
    expect(hasMath('plain')).toBe(false);
  });
});
