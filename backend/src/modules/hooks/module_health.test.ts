import { expect, test } from 'vitest';
import { ModuleHealth } from './module_health';

test('one person’s texts, however many it crashes at, neither rest nor disable a module for others', () => {
  const health = new ModuleHealth();
  let now = 0;
  const rests: number[] = [];
  for (let crash = 1; crash <= 8; crash++) {
    expect(health.mayRun(now, 'hostile')).toBe(true);
    health.crashed(now, 'hostile');
    expect(health.mayRun(now, 'another')).toBe(true);
    const began = now;
    while (!health.mayRun(now, 'hostile')) now += 500;
    rests.push((now - began) / 1_000);
  }
  expect(rests).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
  expect(health).toMatchObject({ crashes: 1, disabled: false });
});

test('that it answers somebody else does not forgive whoever crashed it', () => {
  const health = new ModuleHealth();
  health.crashed(0, 'hostile');
  expect(health.answered('another')).toBe(true);
  expect(health.mayRun(999, 'hostile')).toBe(false);
  health.crashed(1_000, 'hostile');
  expect(health.mayRun(2_999, 'hostile')).toBe(false);
  health.answered('hostile');
  health.crashed(5_000, 'hostile');
  expect(health.mayRun(6_000, 'hostile')).toBe(true);
});

test('crashes at the texts of several people in a row rest it for everybody, and five disable it', () => {
  const health = new ModuleHealth();
  health.crashed(0, 'a');
  health.crashed(0, 'a');
  health.crashed(0, 'b');
  expect(health.mayRun(1_999, 'nobody else')).toBe(false);
  expect(health.mayRun(2_000, 'nobody else')).toBe(true);
  for (const person of ['c', 'd', 'e']) health.crashed(2_000, person);
  expect(health.disabled).toBe(true);
  health.revive();
  expect(health.mayRun(2_000, 'a')).toBe(true);
});

test('what it remembers of people has an end', () => {
  const health = new ModuleHealth();
  for (let at = 0; at < 600; at++) {
    health.crashed(0, `person ${at}`);
    health.answered('another');
  }
  expect(health.mayRun(0, 'person 0')).toBe(true);
  expect(health.mayRun(0, 'person 599')).toBe(false);
});
