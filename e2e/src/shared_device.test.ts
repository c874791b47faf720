import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, people, shellStored, signIn, upToDate } from './browser';
import { Installation } from './installation';

let installation: Installation;
let browser: Browser;
let page: Page;
let context: BrowserContext;
let chatPath: string;
beforeAll(async () => {
  installation = await Installation.start();
  browser = await launchBrowser();
  ({ page, context } = await signIn(browser, installation.url, people.pupil));
  await shellStored(page);
  const task = page.locator('a[href^="/assignments/"]').first();
  chatPath = (await task.getAttribute('href')) ?? '';
  await page.goto(installation.url + chatPath);
  await page.getByLabel('Message', { exact: true }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await installation?.stop();
});

/** Everything a script at this address could read: databases, bytes in them as text, caches, both storages. */
function readEverything(): Promise<{ databases: string[]; text: string }> {
  return page.evaluate(async () => {
    const texts: string[] = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
    const asText = (_: string, value: unknown) => {
      if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return new TextDecoder().decode(value);
      return value;
    };
    const done = <T>(asked: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
      });
    const databases: string[] = [];
    for (const { name = '' } of await indexedDB.databases()) {
      databases.push(name);
      const db = await done(indexedDB.open(name));
      for (const store of db.objectStoreNames) {
        const all: unknown[] = await done(db.transaction(store).objectStore(store).getAll());
        texts.push(`${name}/${store}: ${JSON.stringify(all, asText)}`);
      }
      db.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const url = new URL(request.url);
        texts.push(`${name}: ${url.pathname}`);
        if (/\.(js|css|html)$/.test(url.pathname)) continue; // the app, the same for everybody
        const kept = await cache.match(request);
        if (kept?.headers.get('content-type')?.includes('json')) texts.push(await kept.text());
      }
    }
    return { databases, text: texts.join('\n') };
  });
}

const secret = 'Nobody else may read this sentence';
const begun = 'and this one was only begun';
/** Names of people, classes and tools of the pupil's school, and what the pupil wrote. */
const theirs = [secret, begun, 'Theo', 'Lindqvist', '8B Science', 'Photosynthesis', 'alderrow'];

async function enterAs(name: string): Promise<void> {
  await page.getByRole('button', { name: `Sign in as ${name}` }).click();
  await page.getByRole('navigation', { name: 'Main' }).first().waitFor({ state: 'attached' });
  await upToDate(page);
}

test('who is signed in has everything here, which is what the look at the device must be able to find', async () => {
  await context.setOffline(true);
  await page
    .getByRole('link', { name: /^Offline/ })
    .first()
    .waitFor();
  await page.getByLabel('Message', { exact: true }).fill(secret);
  await page.getByLabel('Message', { exact: true }).press('Enter');
  await page.locator('.msg.mine').getByText(secret).waitFor();
  await page.getByLabel('Message', { exact: true }).fill(begun);
  // Stored when typing rests.
  await expect.poll(async () => (await readEverything()).text).toContain(begun);
  const { text } = await readEverything();
  for (const word of theirs) expect(text).toContain(word);
});

test('signing out without a network, with what waits kept, leaves nothing that can be read', async () => {
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page
    .getByRole('dialog')
    .getByText(/locked so that nobody else can read it/)
    .waitFor();
  await page.getByRole('button', { name: 'Keep it and sign out' }).click();
  await page.getByText('You are offline.').waitFor();
  const { databases, text } = await readEverything();
  expect(databases).toEqual(['rapt-sealed']);
  for (const word of theirs) expect(text).not.toContain(word);
});

test('the next person at this device finds nothing of it either', async () => {
  await context.setOffline(false);
  await page.reload();
  await enterAs(people.admin);
  const { databases, text } = await readEverything();
  expect(databases).toHaveLength(2);
  expect(text).not.toContain(secret);
  expect(text).not.toContain(begun);
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: `Sign in as ${people.pupil}` }).waitFor();
});

test('its owner finds it again, and it is sent once', async () => {
  await enterAs(people.pupil);
  await page.goto(installation.url + chatPath);
  await page.locator('.msg.mine').getByText(secret).waitFor();
  await expect.poll(() => page.getByLabel('Message', { exact: true }).inputValue()).toBe(begun);
  expect(await page.locator('.msg.mine').getByText(secret).count()).toBe(1);
  expect((await readEverything()).databases.filter((name) => name !== 'rapt-sealed')).toHaveLength(1);
  const { page: other, context: elsewhere } = await signIn(browser, installation.url, people.pupil);
  await other.goto(installation.url + chatPath);
  await other.locator('.msg.mine').getByText(secret).waitFor();
  expect(await other.locator('.msg.mine').getByText(secret).count()).toBe(1);
  await elsewhere.close();
});

test('somebody whose sign-in has ended by itself is put away when another person signs in, in every tab', async () => {
  const tab = await context.newPage();
  await tab.goto(installation.url + chatPath);
  await tab.locator('.msg.mine').getByText(secret).waitFor();
  await context.clearCookies();
  await page.reload();
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await enterAs(people.admin);
  await tab.locator('.msg.mine').getByText(secret).waitFor({ state: 'detached' });
  const { databases, text } = await readEverything();
  expect(databases.filter((name) => name !== 'rapt-sealed')).toHaveLength(1);
  expect(text).not.toContain(secret);
  expect(text).not.toContain(begun);
});

test('every tab is blank when it is left, since “back” may show a page as it was left', async () => {
  const { page: one, context: theirs } = await signIn(browser, installation.url, people.teacher);
  await theirs.addInitScript(() => {
    addEventListener('pagehide', () => localStorage.setItem('left', document.body.innerText));
  });
  const other = await theirs.newPage();
  await other.goto(`${installation.url}/classes`);
  await other
    .getByRole('link', { name: /8B Science/ })
    .first()
    .waitFor();
  await one.getByRole('button', { name: /^Account/ }).click();
  await one.getByRole('menuitem', { name: 'Sign out' }).click();
  await other.getByRole('button', { name: `Sign in as ${people.pupil}` }).waitFor();
  const left = await other.evaluate(() => localStorage.getItem('left'));
  expect(left).toContain('Signing out');
  expect(left).not.toContain('8B Science');
  await theirs.close();
});
