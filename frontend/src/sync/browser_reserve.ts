import { isQuotaError } from './storage_room';
import type { StorageReserve } from './surroundings';

const cacheName = 'rapt-reserve';
/** Some thousand messages, or a dozen long tools. */
const reserveBytes = 1_000_000;

/**
 * Kept as a cache, since browsers give the room of a cache back at once, and that of deleted rows some time
 * later. At addresses without TLS there are no caches, hence no reserve.
 */
export const browserReserve: StorageReserve = {
  async fill() {
    if (!('caches' in globalThis)) return true;
    try {
      if (await caches.has(cacheName)) return true;
      const cache = await caches.open(cacheName);
      // Random, so that a file system that compresses does not keep less free than it says.
      const bytes = new Uint8Array(reserveBytes);
      for (let at = 0; at < bytes.length; at += 65_536)
        crypto.getRandomValues(bytes.subarray(at, at + 65_536));
      await cache.put('/reserve', new Response(bytes));
      return true;
    } catch (error) {
      await caches.delete(cacheName).catch(() => false);
      // Where a browser refuses caches altogether there is no reserve, which says nothing about room.
      return !isQuotaError(error);
    }
  },
  async release() {
    return 'caches' in globalThis && caches.delete(cacheName);
  },
};
