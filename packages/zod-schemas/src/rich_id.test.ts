import { expect, test } from 'vitest';
import { idFromUuid, idPrefixOf, newId, richId, uuidFromId } from './rich_id';

test('a rich id and its uuid are two spellings of the same 128 bits', () => {
  const uuid = '0191e4b2-7c1d-7a3f-8f00-0123456789ab';
  const id = idFromUuid('class', uuid);
  expect(id).toMatch(/^class-[0-9A-Z]{26}$/);
  expect(uuidFromId('class', id)).toBe(uuid);
  expect(uuidFromId('class', idFromUuid('class', 'ffffffff-ffff-ffff-ffff-ffffffffffff'))).toBe(
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
  );
});

test('ids of several kinds turned in between leave each other alone', () => {
  const uuids = ['0191e4b2-7c1d-7a3f-8f00-0123456789ab', '0191e4b2-7c1d-7a3f-8f00-0123456789ac'];
  const turned = uuids.flatMap((uuid) => [idFromUuid('class', uuid), idFromUuid('group', uuid)]);
  expect(turned.map((id) => uuidFromId(id.startsWith('class') ? 'class' : 'group', id))).toEqual(
    uuids.flatMap((uuid) => [uuid, uuid]),
  );
  for (const wrong of ['', '0191e4b2']) expect(() => idFromUuid('class', wrong)).toThrow('a uuid');
  expect(idFromUuid('class', uuids[1] ?? '')).toBe(turned[2]);
});

test('ids made one after the other sort in that order, also within a millisecond', () => {
  const made = Array.from({ length: 500 }, () => newId('message'));
  expect([...made].sort()).toEqual(made);
  expect(new Set(made).size).toBe(500);
});

test('a new id is a version 7 uuid that carries its time', () => {
  const uuid = uuidFromId('run', newId('run', 1_700_000_000_000));
  expect(uuid[14]).toBe('7');
  expect('89ab').toContain(uuid[19]);
  expect(Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16)).toBe(1_700_000_000_000);
});

test('a wrong prefix is a validation error', () => {
  const id = newId('class');
  expect(richId('class').parse(id)).toBe(id);
  expect(richId('tool').safeParse(id).success).toBe(false);
  expect(richId('class').safeParse('class-8ZZZZZZZZZZZZZZZZZZZZZZZZZ').success).toBe(false);
  expect(() => uuidFromId('tool', id)).toThrow('tool-');
  expect(idPrefixOf(richId('class').nullable())).toBe('class');
});
