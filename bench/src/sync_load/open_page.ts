import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { SyncLoadPage } from './page/page';

/** Where the server finds the page, in place of the built app. */
export const pageDir = path.resolve(import.meta.dirname, '../../dist/sync_load_page');

/** The product's own local store, engine and queries, built as the app is, without the pages. */
export async function buildPage(): Promise<void> {
  mkdirSync(pageDir, { recursive: true });
  await build({
    entryPoints: [path.join(import.meta.dirname, 'page/page.ts')],
    outfile: path.join(pageDir, 'page.js'),
    bundle: true,
    format: 'esm',
    target: 'es2023',
    minify: true,
    logLevel: 'error',
  });
  writeFileSync(
    path.join(pageDir, 'index.html'),
    '<!doctype html><script type="module" src="/page.js"></script>',
  );
}

type Functions = { [K in keyof SyncLoadPage]: SyncLoadPage[K] };
export type OpenPage = {
  call<K extends keyof Functions>(
    name: K,
    ...args: Parameters<Functions[K]>
  ): Promise<Awaited<ReturnType<Functions[K]>>>;
  /** CPU time the page's own thread has used so far, in milliseconds */
  cpuMs(): Promise<number>;
  close(): Promise<void>;
};

/** A Chromium with a profile of its own, at the page, with the cookie of somebody who is signed in. */
export async function openPage(url: string, cookie: string): Promise<OpenPage> {
  const browser: Browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
  const context = await browser.newContext();
  await context.addCookies(
    cookie.split('; ').map((pair) => {
      const at = pair.indexOf('=');
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url };
    }),
  );
  const page: Page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(url);
  await page.waitForFunction(() => 'syncLoad' in window);
  const devtools = await context.newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  return {
    async cpuMs() {
      const { metrics } = await devtools.send('Performance.getMetrics');
      return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
    },
    call: (name, ...args) => page.evaluate(`syncLoad.${name}(...${JSON.stringify(args)})`),
    close: () => browser.close(),
  };
}
