import { expect, test } from 'vitest';
import { packUuids, unpackIds } from './packed_ids';
import { newId, uuidFromId } from './rich_id';

test('ids come out of the packed text as they went in, whatever stands beside them', () => {
  const lists = Array.from({ length: 300 }, (_, at) =>
    Array.from({ length: at % 7 }, (_, place) =>
      (at + place) % 5 === 0 ? null : newId('class', 1_700_000_000_000 + at * place),
    ),
  );
  for (const ids of lists) {
    const twice = ids.flatMap((id) => [id, id]);
    const packed = packUuids(twice.map((id) => id && uuidFromId('class', id)));
    expect(packed).toHaveLength(twice.length * 24);
    expect(unpackIds('class', packed)).toEqual(twice);
  }
  const edges = ['00000000-0000-0000-0000-000000000001', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
  const [low, high] = unpackIds('user', packUuids(edges));
  expect([low, high].map((id) => uuidFromId('user', String(id)))).toEqual(edges);
});

test('the text is base64 of the bytes with two zeros between one id and the next, as PostgreSQL writes it', () => {
  const [first, second, third] = [newId('run'), newId('run'), newId('run')].map((id) =>
    uuidFromId('run', id),
  );
  const zeros = '00'.repeat(16);
  const hex = [first, second, zeros, third].join('0000').replaceAll('-', '');
  const bytes = hex.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)));
  expect(packUuids([first ?? '', second ?? '', null, third ?? ''])).toBe(btoa(bytes));
});
