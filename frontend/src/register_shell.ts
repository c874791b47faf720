import { registerSW } from 'virtual:pwa-register';
import { toastNew } from './components/toast';
import { updateApp } from './modules/shell/update_app';

/** How often an open app asks whether there is a new version, ms. */
const askEveryMs = 60 * 60_000;

/**
 * Registers the service worker, which keeps the whole shell so that the app opens without a network. A new
 * version waits until somebody agrees: a page that reloads by itself takes away what one is reading.
 */
export function registerShell(): void {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  registerSW({
    onNeedRefresh() {
      toastNew('A new version is ready. What you wrote is kept.', {
        label: 'Update now',
        onPress: () => void updateApp(),
      });
    },
    onRegisteredSW(_url, registration) {
      setInterval(() => {
        if (navigator.onLine) void registration?.update();
      }, askEveryMs);
    },
  });
}
