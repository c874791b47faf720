import { createClient } from '@raptscallions/client/create_client';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, people, signIn, upToDate } from './browser';
import { Installation } from './installation';

// An address without TLS that is not this machine's own: browsers give it no service worker, no locks, no
// caches and no way to lock anything. A school should not run so; what it promises must hold all the same.

let installation: Installation;
let browser: Browser;
let page: Page;
let context: BrowserContext;
let url: string;
beforeAll(async () => {
  installation = await Installation.start();
  url = installation.url.replace('localhost', 'school.example');
  browser = await launchBrowser(['--host-resolver-rules=MAP school.example 127.0.0.1']);
  ({ page, context } = await signIn(browser, url, people.pupil));
});
afterAll(async () => {
  await browser?.close();
  await installation?.stop();
});

const message = (tab: Page) => tab.getByLabel('Message', { exact: true });

test('two tabs sync without locks, and each message is sent once', async () => {
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  const href = await page.locator('a[href^="/assignments/"]').first().getAttribute('href');
  await page.goto(url + href);
  const second = await context.newPage();
  await second.goto(url + href);
  await message(second).waitFor();
  await message(page).fill('Written without TLS');
  await message(page).press('Enter');
  await second.locator('.msg.mine').getByText('Written without TLS').waitFor();
  await upToDate(page);
  expect(await second.locator('.msg.mine').getByText('Written without TLS').count()).toBe(1);
  await second.close();
});

test('a link to hand over is copied all the same', async () => {
  const hollis = { email: 'd.hollis@fenmoor.example', password: 'scallion-demo' };
  const api = await createClient(installation.url, hollis);
  const { items } = await api.classes.list({ limit: 1 });
  const groupId = items[0]?.groupId;
  if (!groupId) throw new Error('no school');
  await api.auth.invite({ name: 'Nia Obi', email: 'nia.obi@alderrow.example', groupId, role: 'teacher' });
  const admin = await signIn(browser, url, people.admin);
  await admin.page.goto(`${url}/sign-in-links`);
  const copy = admin.page.getByRole('row', { name: /Nia Obi/ }).getByRole('button', { name: 'Copy link' });
  await expect
    .poll(async () => {
      await admin.page.getByRole('button', { name: 'Refresh' }).click();
      await admin.page.getByRole('table').waitFor();
      return copy.count();
    })
    .toBe(1);
  await copy.focus();
  await admin.page.keyboard.press('Enter');
  await admin.page.getByText('Copied').waitFor();
  // Whoever works by keyboard goes on from where they were.
  expect(await admin.page.evaluate(() => document.activeElement?.textContent)).toMatch(/^Cop/);
  await admin.page.goto(`${url}/people`);
  const search = admin.page.getByRole('searchbox').first();
  await search.focus();
  await admin.page.keyboard.press('ControlOrMeta+v');
  await expect.poll(() => search.inputValue()).toMatch(/\/link#[\w.-]{60,}$/);
  await admin.context.close();
});

test('whoever has gone is signed out, though something waits: nobody sees it, and it is sent when they are back', async () => {
  const sentence = 'A sentence left on the screen';
  const shared = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  shared.setDefaultTimeout(15_000);
  const tab = await shared.newPage();
  const enter = async () => {
    await tab.getByLabel('School e-mail or username').fill('theo.lindqvist@alderrow.example');
    await tab.getByLabel('Password', { exact: true }).fill('scallion-demo');
    await tab.getByRole('radio', { name: /^No, shared/ }).check();
    await tab.getByRole('button', { name: 'Sign in', exact: true }).click();
    await tab.getByRole('navigation', { name: 'Main' }).first().waitFor({ state: 'attached' });
    await upToDate(tab);
  };
  await tab.goto(`${url}/sign-in`);
  await enter();
  const href = await tab.locator('a[href^="/assignments/"]').first().getAttribute('href');
  await tab.goto(url + href);
  await message(tab).waitFor();
  await tab.route('**/rpc/sync/push', (route) => route.abort());
  await message(tab).fill(sentence);
  await message(tab).press('Enter');
  await tab.locator('.msg.mine').getByText(sentence).waitFor();
  // As if the last touch were long ago.
  await tab.evaluate(() => localStorage.setItem('rapt.last_touch', '0'));
  await tab.getByLabel('School e-mail or username').waitFor();
  expect(await tab.getByText(sentence).count()).toBe(0);
  await tab.unroute('**/rpc/sync/push');
  await enter();
  await tab.goto(url + href);
  await tab.locator('.msg.mine').getByText(sentence).waitFor();
  await upToDate(tab);
  expect(await tab.locator('.msg.mine').getByText(sentence).count()).toBe(1);
  await shared.close();
});

test('what is not sent cannot be kept, which is said, and goes only when its author says so', async () => {
  await context.setOffline(true);
  await page
    .getByRole('link', { name: /^Offline/ })
    .first()
    .waitFor();
  await message(page).fill('A sentence nobody may keep');
  await message(page).press('Enter');
  await page.locator('.msg.mine').getByText('A sentence nobody may keep').waitFor();
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/this browser may not lock it here, and nobody else shall read it/).waitFor();
  expect(await dialog.getByRole('button', { name: /^Keep/ }).count()).toBe(0);
  await dialog.getByRole('button', { name: 'Stay signed in' }).click();
  await page.locator('.msg.mine').getByText('A sentence nobody may keep').waitFor();
  await context.setOffline(false);
  await upToDate(page);
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: `Sign in as ${people.pupil}` }).waitFor();
  expect(await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).toEqual([]);
});
