import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, people, shellStored, signIn, upToDate } from './browser';
import { Front } from './front';
import { Installation } from './installation';

let installation: Installation;
let front: Front;
let browser: Browser;
let pupil: Page;
let context: BrowserContext;
beforeAll(async () => {
  installation = await Installation.start();
  front = await Front.start(installation.url);
  browser = await launchBrowser();
  ({ page: pupil, context } = await signIn(browser, front.url, people.pupil));
  await shellStored(pupil);
  const task = pupil.locator('a[href^="/assignments/"]').first();
  await pupil.goto(front.url + (await task.getAttribute('href')));
  await pupil.getByLabel('Message', { exact: true }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await front?.stop();
  await installation?.stop();
});

const buildOf = (page: Page) => page.locator('meta[name="build"]').getAttribute('content');
async function say(text: string): Promise<void> {
  await pupil.getByLabel('Message', { exact: true }).fill(text);
  await pupil.getByLabel('Message', { exact: true }).press('Enter');
  await pupil.locator('.msg.mine').getByText(text).waitFor();
}

test('a server of another version is no loss: the page says so, and what is written waits', async () => {
  front.otherVersion = true;
  await say('Written for the old server');
  const note = pupil.getByRole('alert').filter({ hasText: 'of different versions' });
  await note.getByText(/1 change of yours waits here and will be sent after the update/).waitFor();
  await pupil.getByRole('link', { name: /^Update the app, 1 waiting/ }).waitFor();
  await say('And a second one');
  await note.getByText(/2 changes of yours wait here/).waitFor();
});

test('a new build is announced in words, and taken over with everything that waits', async () => {
  expect(await buildOf(pupil)).toBe('1');
  front.build = 2;
  // What the app asks every hour.
  await pupil.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await pupil.getByText('A new version is ready. What you wrote is kept.').waitFor();
  expect(await buildOf(pupil)).toBe('1');
  await pupil.getByRole('button', { name: 'Update now' }).first().click();
  await expect.poll(() => buildOf(pupil).catch(() => null), { timeout: 30_000 }).toBe('2');
  // Still refused, so still here: in the page and in line.
  await pupil.getByRole('link', { name: /2 waiting/ }).waitFor();
  await pupil.locator('.msg.mine').getByText('Written for the old server').waitFor();
  await pupil.locator('.msg.mine').getByText('And a second one').waitFor();
});

test('once the versions agree, what waited is sent by itself, in order and once', async () => {
  front.otherVersion = false;
  await upToDate(pupil);
  const { page: second, context: other } = await signIn(browser, installation.url, people.pupil);
  await second.goto(installation.url + new URL(pupil.url()).pathname);
  await second.locator('.msg.mine').getByText('And a second one').waitFor();
  const said = await second.locator('.msg.mine .body').allInnerTexts();
  const mine = said.filter((text) => /Written for the old server|And a second one/.test(text));
  expect(mine).toHaveLength(2);
  expect(mine[0]).toContain('Written for the old server');
  await other.close();
});

test('an update that is taken without a network opens what is stored, with the queue', async () => {
  front.build = 3;
  await pupil.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await pupil.getByText('A new version is ready. What you wrote is kept.').waitFor();
  await context.setOffline(true);
  await pupil
    .getByRole('link', { name: /^Offline/ })
    .first()
    .waitFor();
  await say('Written offline');
  await pupil.getByRole('button', { name: 'Update now' }).first().click();
  await expect.poll(() => buildOf(pupil).catch(() => null), { timeout: 30_000 }).toBe('3');
  await pupil.locator('.msg.mine').getByText('Written offline').waitFor();
  await pupil
    .getByRole('link', { name: /^Offline.*1 waiting/ })
    .first()
    .waitFor();
  await context.setOffline(false);
  await upToDate(pupil);
  expect(await pupil.locator('.msg.mine').getByText('Written offline').count()).toBe(1);
});
