import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, people, shellStored, signIn, upToDate } from './browser';
import { Installation } from './installation';

let installation: Installation;
let browser: Browser;
let teacher: Page;
let context: BrowserContext;
beforeAll(async () => {
  installation = await Installation.start();
  browser = await launchBrowser();
  ({ page: teacher, context } = await signIn(browser, installation.url, people.teacher));
});
afterAll(async () => {
  await browser?.close();
  await installation?.stop();
});

/** Harms one class in the browser's own database, past the app: its name is spoilt, its revision stays. */
function spoilClass(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const found = await indexedDB.databases();
    const name = found.find((database) => database.name?.startsWith('rapt-user-'))?.name ?? '';
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    const store = db.transaction('classes', 'readwrite').objectStore('classes');
    const rows = await new Promise<{ name: string }[]>((resolve) => {
      const asked = store.getAll();
      asked.onsuccess = () => resolve(asked.result);
    });
    const [row] = rows;
    if (!row) throw new Error('no class is stored');
    await new Promise<void>((resolve) => {
      store.put({ ...row, name: 'Spoilt 9Z' }).onsuccess = () => resolve();
    });
    db.close();
    return row.name;
  });
}

const compare = (page: Page) => page.getByRole('button', { name: 'Compare with the server' }).click();

test('a device that holds what the server has is told so, table by table', async () => {
  await teacher.goto(`${installation.url}/device`);
  await compare(teacher);
  await teacher.getByRole('heading', { name: 'Identical' }).waitFor();
  await teacher.getByText(/rows, same versions, none missing/).waitFor();
  const holdings = teacher.getByRole('region', { name: 'On this device' });
  expect(await holdings.getByText('Identical').count()).toBeGreaterThan(8);
});

test('a row that was harmed in the browser is found, named and put right', async () => {
  const name = await spoilClass(teacher);
  await teacher.goto(`${installation.url}/classes`);
  await teacher.getByText('Spoilt 9Z').first().waitFor();
  await teacher.goto(`${installation.url}/device`);
  await compare(teacher);
  await teacher.getByRole('heading', { name: 'Repaired: identical now' }).waitFor();
  await teacher.getByText(/^Classes: \d+ rows on both sides, not the same ones$/).waitFor();
  await teacher.goto(`${installation.url}/classes`);
  await teacher.getByText(name).first().waitFor();
  expect(await teacher.getByText('Spoilt 9Z').count()).toBe(0);
});

test('rebuilding needs the network, and brings a fresh copy', async () => {
  await shellStored(teacher);
  await context.setOffline(true);
  // An open stream is missed only when it has been silent for a while; a page that is opened knows at once.
  await teacher.reload();
  await teacher
    .getByRole('link', { name: /^Offline/ })
    .first()
    .click();
  await teacher.getByRole('heading', { name: 'This device', exact: true }).waitFor();
  await teacher.getByText('This needs the server: wait for the network.').first().waitFor();
  await context.setOffline(false);
  await upToDate(teacher);
  await teacher.getByRole('button', { name: 'Rebuild from the server' }).click();
  await teacher.getByRole('heading', { name: 'Loaded anew' }).waitFor();
  await compare(teacher);
  await teacher.getByRole('heading', { name: 'Identical' }).waitFor();
});

test('what the browser cleared away under an open page comes back by itself', async () => {
  await teacher.goto(`${installation.url}/device`);
  const people = teacher
    .getByRole('region', { name: 'On this device' })
    .getByRole('row', { name: /^People/ });
  const before = await people.innerText();
  const devtools = await context.newCDPSession(teacher);
  await devtools.send('Storage.clearDataForOrigin', { origin: installation.url, storageTypes: 'indexeddb' });
  await teacher.waitForFunction(async () => (await indexedDB.databases()).length > 0);
  await expect.poll(() => people.innerText()).toBe(before);
  await teacher.getByRole('link', { name: 'Classes', exact: true }).first().click();
  await teacher.getByText('8B Science').first().waitFor();
  await upToDate(teacher);
});

test.each(['site data is blocked', 'there are no databases', 'no database can be opened'])(
  'where %s the page says that this browser keeps nothing',
  async (how) => {
    const bare = await browser.newContext();
    await bare.addInitScript((reason) => {
      const deny = () => {
        throw new DOMException('Access is denied for this document.', 'SecurityError');
      };
      if (reason === 'site data is blocked') Object.defineProperty(window, 'localStorage', { get: deny });
      if (reason === 'there are no databases')
        Object.defineProperty(window, 'indexedDB', { value: undefined });
      if (reason === 'no database can be opened') IDBFactory.prototype.open = deny;
    }, how);
    const page = await bare.newPage();
    await page.goto(`${installation.url}/sign-in`);
    if (how === 'no database can be opened')
      await page.getByRole('button', { name: `Sign in as ${people.pupil}` }).click();
    await page.getByRole('heading', { name: 'This browser keeps nothing here' }).waitFor();
    await bare.close();
  },
);
