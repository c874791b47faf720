import { ORPCError } from '@orpc/client';
import { expect, test, vi } from 'vitest';
import { ProofDeclined } from './fresh_session';
import { Worklist } from './worklist';

const taken = () => new ORPCError('CONFLICT', { status: 409, message: 'This user name is taken.' });
const away = () => new TypeError('fetch failed');

/** Two letters for each of `items`, as far as it got. */
function describe({ outcomes, running }: ReturnType<Worklist<number, string>['read']>, items: number[]) {
  const letters = items.map(
    (item) => ({ done: '+', refused: '-', none: '.' })[outcomes.get(item)?.name ?? 'none'],
  );
  return letters.join('') + (running ? ' running' : '');
}

test('what the server refuses is the outcome of that item, and the others are done', async () => {
  const items = [1, 2, 3];
  const list = new Worklist(async (item: number) => {
    if (item === 2) throw taken();
    return `card ${item}`;
  });
  await list.run(items);
  expect(describe(list.read(), items)).toBe('+-+');
  expect(list.read().outcomes.get(2)).toEqual({ name: 'refused', problem: 'This user name is taken.' });
  expect(list.read().outcomes.get(3)).toEqual({ name: 'done', result: 'card 3' });
  expect(list.read().stopped).toBeNull();
});

test.each([
  ['the network goes', away(), /Check the network/],
  ['the server cannot', new ORPCError('SERVICE_UNAVAILABLE', { status: 503 }), /just now/],
  ['the sign-in has ended', new ORPCError('UNAUTHORIZED', { status: 401, message: 'Sign in.' }), /Sign in/],
  ['nobody shows who they are', new ProofDeclined('no'), /who you are/],
])(
  'when %s it stops at once, keeps what is done, and goes on later with what waits',
  async (_, failure, words) => {
    const items = [1, 2, 3, 4];
    const perform = vi.fn(async (item: number) => `card ${item}`);
    perform.mockResolvedValueOnce('card 1').mockRejectedValueOnce(failure);
    const list = new Worklist(perform);
    await list.run(items);
    expect(describe(list.read(), items)).toBe('+...');
    expect(list.read().stopped).toMatch(words);
    await list.run(items);
    expect(describe(list.read(), items)).toBe('++++');
    expect(list.read().stopped).toBeNull();
    expect(perform.mock.calls.map(([item]) => item)).toEqual([1, 2, 2, 3, 4]);
  },
);

test('stopped by hand it waits for the call that is on its way, counts it, and begins no other', async () => {
  const items = [1, 2, 3];
  const answers: ((card: string) => void)[] = [];
  const list = new Worklist<number, string>(() => new Promise((resolve) => answers.push(resolve)));
  const run = list.run(items);
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  list.stop();
  expect(describe(list.read(), items)).toBe('... running');
  answers[0]?.('card 1');
  await run;
  expect(describe(list.read(), items)).toBe('+..');
  expect(list.read().stopped).toBe('You stopped it.');
  expect(answers).toHaveLength(1);
});

test('stopped while a call waits for its turn, that item still waits', async () => {
  const items = [1];
  const list = new Worklist<number, string>(
    (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  );
  const run = list.run(items);
  list.stop();
  await run;
  expect(describe(list.read(), items)).toBe('.');
  expect(list.read().stopped).toBe('You stopped it.');
});

test('it does not run twice at once, and takes items that came later', async () => {
  const perform = vi.fn(async (item: number) => String(item));
  const list = new Worklist(perform);
  await Promise.all([list.run([1, 2]), list.run([1, 2])]);
  await list.run([1, 2, 3]);
  expect(perform.mock.calls.map(([item]) => item)).toEqual([1, 2, 3]);
});
