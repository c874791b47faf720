// @vitest-environment jsdom
import { ORPCError } from '@orpc/client';
import { act } from 'react';
import { expect, it } from 'vitest';
import { mountHook } from '../test/mount_hook';
import { useAnswer } from './use_answer';

it.each([
  ['stays while nobody answers', new TypeError('fetch failed'), 'loaded'],
  ['stays while the server cannot just now', new ORPCError('SERVICE_UNAVAILABLE'), 'loaded'],
  ['goes when the right to it has ended', new ORPCError('FORBIDDEN'), 'failed'],
  ['goes when what was asked for is there no longer', new ORPCError('NOT_FOUND'), 'failed'],
  ['goes with the sign-in', new ORPCError('UNAUTHORIZED'), 'failed'],
])('an answer %s', async (_, failure, name) => {
  let ask = async (): Promise<string> => 'what a pupil wrote';
  const hook = mountHook(() => useAnswer(() => ask(), 'originals'), true);
  await hook.mounted;
  await act(() => hook.read().reload());
  expect(hook.read().state).toEqual({ name: 'loaded', data: 'what a pupil wrote' });
  ask = () => Promise.reject(failure);
  await act(() => hook.read().reload());
  expect(hook.read().state.name).toBe(name);
  await hook.unmount();
});
