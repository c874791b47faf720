import { describe, expect, it } from 'vitest';
import { daysFromNow, formatAgo, formatDue } from './format_moment';

const now = new Date(2026, 10, 17, 10, 46).getTime();
const at = (day: number, hour: number) => new Date(2026, 10, day, hour).getTime();

describe('moments in words', () => {
  it('count days by the calendar, not by 24 hours', () => {
    expect(daysFromNow(at(18, 1), now)).toBe(1);
    expect(daysFromNow(at(16, 23), now)).toBe(-1);
  });
  it('name the time while a due date is near, and only the day later', () => {
    expect(formatDue(at(17, 16), now)).toMatch(/^today .*4:00|^today 16:00/);
    expect(formatDue(at(19, 16), now)).toMatch(/^Thu /);
    expect(formatDue(at(30, 16), now)).not.toMatch(/16:00|4:00/);
    expect(formatDue(at(30, 16), now)).toContain('30');
  });
  it('say just now, then minutes, then hours, then the day', () => {
    expect(formatAgo(now - 10_000, now)).toBe('just now');
    expect(formatAgo(now - 5 * 60_000, now)).toBe('5 minutes ago');
    expect(formatAgo(now - 2 * 3_600_000, now)).toBe('2 hours ago');
    expect(formatAgo(at(16, 9), now)).toBe('yesterday');
  });
});
