import { readFileSync } from 'node:fs';
import path from 'node:path';
import { groupAccent } from '@raptscallions/zod-schemas/group.zod';
import { expect, test } from 'vitest';

const css = readFileSync(path.join(import.meta.dirname, 'accents.css'), 'utf8');

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = parts.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const blocks = [...css.matchAll(/([^{}]*)\[data-accent="(\w+)"\] \{([^}]*)\}/g)].map(
  ([, before = '', accent = '', body = '']) => ({
    accent,
    dark: before.includes('dark') || before.includes(':not'),
    colours: Object.fromEntries(
      [...body.matchAll(/--([\w-]+): (#\w{6})/g)].map(([, name, value]) => [name, value]),
    ),
  }),
);

test('every accent has its colours for light, for dark, and for dark by the system', () => {
  const chosen = groupAccent.options.filter((accent) => accent !== 'scallion');
  for (const accent of chosen) expect(blocks.filter((block) => block.accent === accent)).toHaveLength(3);
});

test.each(blocks)('$accent (dark: $dark) can be read by people with weak sight', ({ dark, colours }) => {
  const colour = (name: string) => colours[name] ?? '';
  const [surface, paper] = dark ? ['#191e16', '#11150f'] : ['#fefffb', '#f7f8f1'];
  expect(contrast(colour('on-green'), colour('green'))).toBeGreaterThan(4.5);
  expect(contrast(colour('on-green'), colour('green-hover'))).toBeGreaterThan(4.5);
  expect(contrast(colour('green-text'), colour('green-soft'))).toBeGreaterThan(4.5);
  for (const below of [surface, paper]) {
    expect(contrast(colour('green-text'), below)).toBeGreaterThan(4.5);
    expect(contrast(colour('green'), below)).toBeGreaterThan(3);
  }
});
