import { newId } from '@raptscallions/zod-schemas/rich_id';
import { expect, test } from 'vitest';
import { describeStep, formatMs } from './describe_step';

test('times are told as people say them', () => {
  expect([0.42, 840, 1_234, 61_000].map(formatMs)).toEqual(['0.4 ms', '840 ms', '1.2 s', '1 min 1 s']);
});

test('a verdict says who read what, and what came of it', () => {
  const step = {
    kind: 'verdict' as const,
    at: 1,
    runId: newId('run'),
    attempt: 1,
    hook: 'chat:before_ai' as const,
    module: 'pii-filter',
    version: '1.2.0',
    calls: 1,
    ms: 1.5,
    reason: null,
  };
  expect(describeStep({ ...step, outcome: 'changed' }).line).toBe(
    'pii-filter 1.2.0 read the question and changed it, 1.5 ms',
  );
  expect(describeStep({ ...step, outcome: 'blocked' }).tone).toBe('alert');
});
