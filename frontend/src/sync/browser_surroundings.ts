import { api } from '../api/client';
import { browserReserve } from './browser_reserve';
import type { SyncSurroundings } from './surroundings';
import { syncApi } from './sync_api';

/** The browser as it is. Without Web Locks (an address without TLS) every tab leads: more work, same rows. */
export const browserSurroundings: SyncSurroundings = {
  api: syncApi(api),
  reserve: browserReserve,
  async holdLock(name, signal, work) {
    if (!navigator.locks) return work();
    await navigator.locks.request(name, { signal }, work).catch((error) => {
      if (!signal.aborted) throw error;
    });
  },
  openChannel(name, receive) {
    const channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => receive(data);
    return { send: (message) => channel.postMessage(message), close: () => channel.close() };
  },
  now: () => Date.now(),
  random: () => Math.random(),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const timer = setTimeout(done, ms);
      function done() {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done);
    }),
  isOnline: () => navigator.onLine,
  listen(receive) {
    const listeners: [EventTarget, string, () => void][] = [
      [window, 'online', () => receive('online')],
      [window, 'offline', () => receive('offline')],
      [window, 'pagehide', () => receive('leave')],
      [window, 'pageshow', () => receive('visible')],
      [document, 'visibilitychange', () => document.visibilityState === 'visible' && receive('visible')],
    ];
    for (const [target, name, listener] of listeners) target.addEventListener(name, listener);
    return () => {
      for (const [target, name, listener] of listeners) target.removeEventListener(name, listener);
    };
  },
};
