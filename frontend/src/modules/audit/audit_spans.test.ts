import { expect, test } from 'vitest';
import { auditSpans } from './audit_spans';

const fromOf = (value: string, now: number) => auditSpans.find((span) => span.value === value)?.from(now);

test('any time stands first, and is chosen', () => {
  expect(auditSpans[0]?.words).toBe('Any time');
  expect(auditSpans[0]?.from(Date.now())).toBeUndefined();
});

test('yesterday begins at midnight, at whatever time of today one asks', () => {
  const midnight = new Date(2026, 2, 1).getTime();
  for (const now of [new Date(2026, 2, 2, 0, 1), new Date(2026, 2, 2, 23, 59)]) {
    expect(fromOf('yesterday', now.getTime())).toBe(midnight);
  }
});
