/** How long a new version may take to be fetched and to take over before the page is simply loaded again, ms. */
const patienceMs = 20_000;

/**
 * Begins anew with the newest version of the app there is. What is stored here, the outbox first of all, is
 * not touched by it. Where no service worker may be (an address without TLS), loading again is the update.
 */
export async function updateApp(): Promise<void> {
  const reload = () => window.location.reload();
  const registration = await navigator.serviceWorker?.getRegistration();
  if (!registration) return reload();
  setTimeout(reload, patienceMs);
  // Fails without a network: what waits already is still newer than this page.
  await registration.update().catch(() => undefined);
  const next = registration.waiting ?? (await whenInstalled(registration.installing));
  if (!next) return reload();
  navigator.serviceWorker.addEventListener('controllerchange', reload, { once: true });
  next.postMessage({ type: 'SKIP_WAITING' });
}

/** The worker once it waits to take over; null when there is none, or it came to nothing. */
function whenInstalled(worker: ServiceWorker | null): Promise<ServiceWorker | null> {
  return new Promise((resolve) => {
    if (!worker) return resolve(null);
    const look = () => {
      if (worker.state === 'installing') return;
      worker.removeEventListener('statechange', look);
      resolve(worker.state === 'installed' ? worker : null);
    };
    worker.addEventListener('statechange', look);
    look();
  });
}
