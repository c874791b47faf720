import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ConfigZod } from './config';

test('.env.example names every variable the server reads, and gives each its default', () => {
  const text = readFileSync(path.resolve(import.meta.dirname, '../../../.env.example'), 'utf8');
  const named = new Map(
    [...text.matchAll(/^# ([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  const known = Object.keys(ConfigZod.shape);
  expect(known.filter((name) => !named.has(name))).toEqual([]);
  // Of docker compose alone
  const others = [...named.keys()].filter((name) => !known.includes(name));
  expect(others.sort()).toEqual(['POSTGRES_PASSWORD', 'RAPT_DB_PASSWORD']);

  const numbers = Object.entries(ConfigZod.parse({ DATABASE_URL: 'postgres://127.0.0.1/rapt' })).filter(
    ([, value]) => typeof value === 'number',
  );
  expect(numbers.length).toBeGreaterThan(10);
  expect(numbers.map(([name]) => [name, named.get(name)])).toEqual(
    numbers.map(([name, value]) => [name, String(value)]),
  );
});
