import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, people, signIn } from './browser';
import { Installation } from './installation';

let installation: Installation;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  installation = await Installation.start();
  browser = await launchBrowser();
  ({ page } = await signIn(browser, installation.url, people.pupil, {
    viewport: { width: 375, height: 800 },
  }));
  await page
    .locator('main')
    .getByRole('link', { name: /Photosynthesis recap/ })
    .first()
    .click();
});
afterAll(async () => {
  await browser?.close();
  await installation?.stop();
});

const answers = () => page.locator('.msg:not(.mine)');
const belowTheFold = () =>
  page
    .locator('section.scroll')
    .evaluate((list) => Math.round(list.scrollHeight - list.scrollTop - list.clientHeight));

async function ask(text: string): Promise<void> {
  const before = await answers().count();
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.getByLabel('Message', { exact: true }).press('Enter');
  await expect.poll(() => answers().count(), { timeout: 30_000 }).toBeGreaterThan(before);
  await expect.poll(() => page.locator('.msg[aria-busy="true"]').count(), { timeout: 30_000 }).toBe(0);
}

test('each answer is in view when it has come; whoever has scrolled up is left there', async () => {
  await page.getByLabel('Message', { exact: true }).waitFor();
  for (let at = 0; at < 5; at++) {
    await ask(`Why are leaves green? I ask ${at + 2} times.`);
    await expect.poll(belowTheFold).toBeLessThan(64);
  }
  const list = await page.locator('section.scroll').boundingBox();
  if (!list) throw new Error('there is no conversation');
  await page.mouse.move(list.x + list.width / 2, list.y + list.height / 2);
  await page.mouse.wheel(0, -400);
  await page.getByRole('button', { name: 'Newest' }).click();
  await expect.poll(belowTheFold).toBeLessThan(64);
});
