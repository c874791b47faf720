// @vitest-environment jsdom
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalDbContext } from '../local_db/local_db_context';
import { SyncContext, useEdit } from './sync_context';
import { classRow, eventually, Harness, settled, type Tab } from './test/harness';
import { useOutbox, useRefusals } from './use_outbox';
import { useRunText, useWatchRuns } from './use_run_text';
import { useSyncStatus } from './use_sync_status';

let harness: Harness;
let tab: Tab;
beforeEach(() => {
  harness = new Harness();
  harness.browser.online = false;
  tab = harness.tab();
});
afterEach(async () => {
  cleanup();
  await harness.end();
});

function Inside({ children }: { children: ReactNode }) {
  return (
    <LocalDbContext value={tab.db}>
      <SyncContext value={tab.engine}>{children}</SyncContext>
    </LocalDbContext>
  );
}
const inside = { wrapper: Inside };

describe('hooks', () => {
  it('show an edit on its way from the queue to the list of what was not saved', async () => {
    const { result } = renderHook(
      () => ({ status: useSyncStatus(), outbox: useOutbox(), refusals: useRefusals(), edit: useEdit() }),
      inside,
    );
    expect(result.current.status.firstLoad).toBe(true);
    const { edit } = result.current;
    await act(() => edit('classes.create', classRow('refuse me', harness.groupId)));
    await waitFor(() =>
      expect(result.current.outbox).toMatchObject([{ name: 'classes.create', state: 'queued' }]),
    );
    await waitFor(() => expect(result.current.status).toMatchObject({ queued: 1, online: false }));
    expect(result.current.edit).toBe(edit);
    act(() => harness.browser.page('online'));
    await act(() => settled(tab, harness.server));
    await waitFor(() => expect(result.current.refusals).toMatchObject([{ args: { name: 'refuse me' } }]));
    await waitFor(() => {
      expect(result.current.status).toMatchObject({ queued: 0, refused: 1, online: true, firstLoad: false });
      expect(result.current.outbox).toEqual([]);
    });
    await act(() => tab.engine.discardRefusal(result.current.refusals[0]?.syncRefusalId ?? ''));
    await waitFor(() => expect(result.current.refusals).toEqual([]));
  });

  it('T3 watch runs while the component is shown, and show their text', async () => {
    harness.browser.page('online');
    const [one, two] = [newId('run'), newId('run')];
    const { result, rerender, unmount } = renderHook(
      ({ runIds }) => {
        useWatchRuns(runIds);
        return useRunText(one);
      },
      { ...inside, initialProps: { runIds: [one, two] } },
    );
    const told = () => harness.server.watched.at(-1)?.runIds;
    await eventually(() => expect(told()).toEqual([one, two].sort()));
    rerender({ runIds: [one] });
    await eventually(() => expect(told()).toEqual([one]));
    expect(result.current).toBeNull();
    for (const open of harness.server.streams) {
      open.send({ kind: 'chunk', runId: one, attempt: 1, seq: 1, text: 'Hello' });
    }
    await waitFor(() => expect(result.current).toMatchObject({ text: 'Hello', attempt: 1 }));
    unmount();
    await eventually(() => expect(told()).toEqual([]));
  });
});
