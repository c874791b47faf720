import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ClaimGate } from './claim_gate';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** How long the gate holds whoever comes now, in milliseconds of the fake clock. */
async function heldFor(gate: ClaimGate): Promise<number> {
  const from = Date.now();
  const passed = gate.pass().then(() => Date.now() - from);
  await vi.advanceTimersByTimeAsync(10_000);
  return passed;
}

test('the first to come passes at once, the next waits for the floor', async () => {
  const gate = new ClaimGate();
  expect(await heldFor(gate)).toBe(0);
  expect(await heldFor(gate)).toBe(5_000);
});

test('a wake lets pass whoever waits, and is kept for the next when nobody does', async () => {
  const gate = new ClaimGate();
  await gate.pass();
  setTimeout(() => gate.wake(), 70);
  expect(await heldFor(gate)).toBe(70);
  // A timer's passing is no wake; one that came while nobody waited is.
  gate.wake();
  expect(await heldFor(gate)).toBe(0);
  expect(await heldFor(gate)).toBe(5_000);
});

test('of several due times the earliest counts, also when it becomes known while somebody waits', async () => {
  const gate = new ClaimGate();
  await gate.pass();
  gate.wakeIn(900);
  gate.wakeIn(4_000);
  setTimeout(() => gate.wakeIn(200), 100);
  expect(await heldFor(gate)).toBe(300);
});

test('a gate that is closed holds nobody', async () => {
  const gate = new ClaimGate();
  await gate.pass();
  setTimeout(() => gate.close(), 30);
  expect(await heldFor(gate)).toBe(30);
  expect(await heldFor(gate)).toBe(0);
});
