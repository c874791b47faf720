import type { AppClient } from '../api/app_client';
import type { SyncApi } from './surroundings';

/** What syncing asks, as calls of the server's procedures. */
export function syncApi(api: AppClient): SyncApi {
  return {
    me: (options) => api.me(undefined, options),
    pull: (input, options) => api.sync.pull(input, options),
    push: (input, options) => api.sync.push(input, options),
    sealKey: async (options) => (await api.sync.sealKey(undefined, options)).key,
    digest: (input, options) => api.sync.digest(input, options),
    async watch(input, options) {
      await api.sync.watch(input, options);
    },
    stream: (input, options) => api.sync.stream(input, options),
  };
}
