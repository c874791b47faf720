import { syncTableNames } from '@raptscallions/zod-schemas/sync_table';
import { expect, test } from 'vitest';
import { tableInWords } from './table_in_words';

test('every table has a name of its own that a person can read', () => {
  const names = syncTableNames.map(tableInWords);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[A-Z][a-z, -]*[a-z]$/);
  expect(tableInWords('toolVersions')).toBe('Tool versions');
});
