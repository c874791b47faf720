import { beforeEach } from 'vitest';
import { openBrowsers } from '../browser';

/** What stood on every open page when a test failed, so that a failure on a machine far away can be understood. */
beforeEach(({ onTestFailed }) => {
  onTestFailed(async () => {
    for (const page of openBrowsers().flatMap((browser) =>
      browser.contexts().flatMap((context) => context.pages()),
    )) {
      const text = await page.locator('body').innerText({ timeout: 2_000 }).catch(String);
      console.error(`${page.url()}\n${text.replaceAll(/^/gm, '    ')}`);
    }
  });
});
