import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../test/database';
import { claimCronSlot } from './claim_cron_slot';
import type { Query } from './query';
import { createTestBed } from './test_bed';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let bed: ReturnType<typeof createTestBed>;

beforeAll(async () => {
  database = await createTestDatabase();
  bed = createTestBed(database.url);
});
afterAll(async () => {
  await bed.close();
  await database.drop();
});

test('of many that claim a slot at once one has it, and nobody again later', async () => {
  const query: Query = (text, values) => bed.system.query(text, values);
  const slot = Date.UTC(2026, 0, 5, 3, 30);
  const claims = await Promise.all(Array.from({ length: 8 }, () => claimCronSlot(query, 'retention', slot)));
  expect(claims.filter(Boolean)).toHaveLength(1);
  expect(await claimCronSlot(query, 'retention', slot)).toBe(false);
  expect(await claimCronSlot(query, 'retention', slot + 60_000)).toBe(true);
  expect(await claimCronSlot(query, 'rosters', slot)).toBe(true);
});
