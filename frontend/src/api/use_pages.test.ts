// @vitest-environment jsdom
import { act } from 'react';
import { expect, it, vi } from 'vitest';
import { mountHook } from '../test/mount_hook';
import { usePages } from './use_pages';

type Asked = { cursor: string } | { kind: string; limit: number };

async function mountPages(list: (input: Asked) => Promise<{ items: number[]; cursor: string | null }>) {
  const hook = mountHook((kind: string) => usePages(list, { kind }), 'all');
  await hook.mounted;
  return hook;
}
const loadedOf = ({ state }: ReturnType<typeof usePages<number, object>>) => {
  if (state.name !== 'loaded') throw new Error(`it is ${state.name}`);
  return state;
};

it('keeps the list when older ones do not come, and gets them the next time', async () => {
  const list = vi
    .fn<(input: Asked) => Promise<{ items: number[]; cursor: string | null }>>()
    .mockResolvedValueOnce({ items: [3, 2], cursor: 'c' })
    .mockRejectedValueOnce(new TypeError('fetch failed'))
    .mockResolvedValueOnce({ items: [1], cursor: null });
  const hook = await mountPages(list);
  await act(async () => loadedOf(hook.read()).loadMore?.());
  expect(loadedOf(hook.read())).toMatchObject({ items: [3, 2], failed: 'more' });
  await act(async () => loadedOf(hook.read()).loadMore?.());
  expect(loadedOf(hook.read())).toMatchObject({ items: [3, 2, 1], loadMore: null, failed: null });
  expect(list.mock.calls[2]).toEqual([{ cursor: 'c' }]);
});

it('keeps the list while it is asked for anew, and when that fails; a list of another kind begins empty', async () => {
  const list = vi
    .fn<(input: Asked) => Promise<{ items: number[]; cursor: string | null }>>()
    .mockResolvedValueOnce({ items: [1], cursor: null })
    .mockRejectedValue(new TypeError('fetch failed'));
  const hook = await mountPages(list);
  await act(async () => hook.read().reload());
  expect(loadedOf(hook.read())).toMatchObject({ items: [1], failed: 'reload' });
  await hook.render('some');
  expect(hook.read().state).toEqual({ name: 'failed' });
});

it('does not show the answer to a question that was asked before another', async () => {
  const answers = new Map<string, (items: number[]) => void>();
  const list = (input: Asked) =>
    new Promise<{ items: number[]; cursor: string | null }>((resolve) => {
      answers.set('kind' in input ? input.kind : '', (items) => resolve({ items, cursor: null }));
    });
  const hook = await mountPages(list);
  await hook.render('some');
  await act(async () => answers.get('some')?.([2]));
  await act(async () => answers.get('all')?.([1]));
  expect(loadedOf(hook.read()).items).toEqual([2]);
});
