import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const launched: Browser[] = [];

/** Those a test has launched and not closed. */
export function openBrowsers(): Browser[] {
  return launched.filter((browser) => browser.isConnected());
}

/** Debian's browser; elsewhere CHROMIUM_PATH names one. @param more arguments of a test's own */
export async function launchBrowser(more: string[] = []): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });
  launched.push(browser);
  return browser;
}

export const people = {
  teacher: 'Imelda Okafor',
  pupil: 'Theo Lindqvist',
  admin: 'Dag Hollis',
} as const;

/** A browser profile of its own, signed in through the door as somebody of the demo school. */
export async function signIn(
  browser: Browser,
  url: string,
  name: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  // What takes longer here is broken: a test should say so soon.
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  await page.goto(`${url}/sign-in`);
  await page.getByRole('button', { name: `Sign in as ${name}` }).click();
  await page.getByRole('navigation', { name: 'Main' }).first().waitFor({ state: 'attached' });
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await upToDate(page);
  return { context, page };
}

/** Everything is here and everything is sent; between two tries to reach the server lie up to 30 s. */
export function upToDate(page: Page): Promise<void> {
  return page
    .getByRole('link', { name: /^Up to date/ })
    .first()
    .waitFor({ timeout: 75_000 });
}

/** The shell is stored: from here on the page opens without a network. */
export async function shellStored(page: Page): Promise<void> {
  await page.waitForFunction(async () => (await navigator.serviceWorker.ready).active?.state === 'activated');
}
