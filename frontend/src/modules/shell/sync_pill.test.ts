import { describe, expect, it } from 'vitest';
import type { SyncStatus } from '../../sync/use_sync_status';
import { pillState } from './SyncPill';

const calm: SyncStatus = {
  online: true,
  offlineSince: null,
  queued: 0,
  sending: false,
  refused: 0,
  firstLoad: false,
  lastSyncedAt: 1,
  signedOut: false,
  outdated: false,
  displaced: false,
  full: false,
  lost: 0,
};

describe('the sync pill shows the worst state', () => {
  it('says up to date when nothing waits', () => {
    expect(pillState(calm).text).toBe('Up to date');
  });
  it('counts what is being sent', () => {
    expect(pillState({ ...calm, queued: 2, sending: true })).toMatchObject({
      tone: 'wait',
      text: 'Sending 2',
    });
  });
  it('stays calm when offline, and says what waits', () => {
    const state = pillState({ ...calm, online: false, offlineSince: Date.now(), queued: 2 });
    expect(state).toMatchObject({ tone: 'wait', more: ', 2 waiting' });
    expect(state.text).toMatch(/^Offline since /);
  });
  it('puts a refusal before being offline', () => {
    const state = pillState({ ...calm, online: false, offlineSince: 1, refused: 1, queued: 3 });
    expect(state).toMatchObject({ tone: 'alert', text: '1 not saved', more: ', 3 waiting' });
  });
  it('puts an ended sign-in before being offline', () => {
    expect(pillState({ ...calm, online: false, signedOut: true }).text).toBe('Sign in again');
  });
  it('asks for an update before it speaks of sending', () => {
    const state = pillState({ ...calm, outdated: true, queued: 2 });
    expect(state).toMatchObject({ tone: 'warm', text: 'Update the app', more: ', 2 waiting' });
  });
});
