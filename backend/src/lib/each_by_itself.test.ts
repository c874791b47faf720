import { expect, test } from 'vitest';
import { eachByItself } from './each_by_itself';

const work = (done: string[]) => async (item: string) => {
  done.push(item);
  if (item.startsWith('bad')) throw new Error(item);
};

test('all have their turn, and every failure is told of: one as it is, several together', async () => {
  const done: string[] = [];
  await expect(eachByItself(['a', 'bad b', 'c'], work(done))).rejects.toThrow(new Error('bad b'));
  expect(done).toEqual(['a', 'bad b', 'c']);
  const both = await eachByItself(['bad a', 'b', 'bad c'], work([])).catch((error: unknown) => error);
  expect(both).toMatchObject({
    message: '2 failed, each by itself',
    errors: [{ message: 'bad a' }, { message: 'bad c' }],
  });
});

test('when the database is away nobody else has a turn', async () => {
  const done: string[] = [];
  const away = eachByItself(['a', 'b'], async (item) => {
    done.push(item);
    throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
  });
  await expect(away).rejects.toThrow('gone');
  expect(done).toEqual(['a']);
});
