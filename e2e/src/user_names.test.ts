import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, people, signIn } from './browser';
import { Installation } from './installation';
import { seriousFaults } from './serious_faults';

let installation: Installation;
let browser: Browser;
beforeAll(async () => {
  installation = await Installation.start();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await installation?.stop();
});

/** @param code which it must know: a server keeps for some seconds what its door says */
async function openDoor(code = ''): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 375, height: 800 } });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  for (;;) {
    // With the school's name it also knows the code.
    const known = page.waitForResponse('**/rpc/signInPage');
    await page.goto(`${installation.url}/sign-in`);
    if ((await (await known).text()).includes(code)) return page;
  }
}
async function enterBy(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel('School e-mail or username').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}
const isIn = (page: Page) =>
  page.getByRole('navigation', { name: 'Main' }).first().waitFor({ state: 'attached' });

test('a pupil without an address is added, comes in by the printed card, and is told when the school code has changed', async () => {
  const { page } = await signIn(browser, installation.url, people.admin);
  await page.evaluate(() => {
    window.print = () => {
      document.documentElement.dataset.printed = document.querySelector('.printed-cards')?.textContent ?? '';
    };
  });
  await page.getByRole('link', { name: 'People', exact: true }).first().click();
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('Pip Marsh');
  await dialog.getByLabel('User name').fill('Pip.Marsh');
  await dialog.getByLabel('Role').selectOption({ label: 'Pupil' });
  expect(await seriousFaults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  const password = await dialog.getByLabel('First password').inputValue();
  await dialog.getByRole('button', { name: 'Give this password' }).click();
  await dialog.getByText(password).waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  const code = (await dialog.locator('dt:has-text("School code") + dd').textContent()) ?? '';
  await dialog.getByRole('button', { name: 'Print' }).click();
  const printed = await page.evaluate(() => document.documentElement.dataset.printed);
  for (const part of ['Pip Marsh', 'pip.marsh', password, code]) expect(printed).toContain(part);
  await dialog.getByRole('button', { name: 'Done' }).click();

  const pupil = await openDoor();
  await enterBy(pupil, 'PIP.marsh', password);
  await isIn(pupil);

  const late = await openDoor();
  await page.getByRole('link', { name: 'Groups', exact: true }).first().click();
  await page.getByRole('button', { name: 'More for Fenmoor Schools' }).click();
  await page.getByRole('menuitem', { name: 'School code' }).click();
  await expect.poll(() => dialog.getByLabel('Code').inputValue()).toBe(code);
  await dialog.getByLabel('Code').fill('Fenmoor 2027');
  await dialog.getByText('It will be kept as fenmoor-2027.').waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Change it' }).click();
  await page.getByText('The school code is fenmoor-2027 now').waitFor();

  await enterBy(late, 'pip.marsh', password);
  await late.getByText(/^Your school has a new code/).waitFor();
  // The box was not there before: whoever reads by ear is taken to it.
  await expect
    .poll(() => late.evaluate(() => document.activeElement?.getAttribute('autocomplete')))
    .toBe('organization');
  expect(await seriousFaults(late)).toEqual([]);
  await late.getByLabel('School code').fill('fenmoor 2027');
  await late.getByRole('button', { name: 'Sign in', exact: true }).click();
  await isIn(late);
});

test('a class of user names comes from a file, with a card for each', async () => {
  const { page } = await signIn(browser, installation.url, people.admin, {
    viewport: { width: 375, height: 800 },
    colorScheme: 'dark',
  });
  await page.goto(`${installation.url}/people`);
  await page.getByRole('button', { name: 'From a file' }).click();
  const dialog = page.getByRole('dialog');
  const lines = [
    'name,username,group,role',
    'Una Birch,una.birch,Alder Row School,pupil',
    'Vic Cole,vic.cole,Alder Row School,pupil',
    'Una again,UNA.birch,Alder Row School,pupil',
  ];
  const buffer = Buffer.from(lines.join('\n'));
  await dialog.getByLabel('File').setInputFiles({ name: 'class.csv', mimeType: 'text/csv', buffer });
  await dialog.getByText('Somebody has the user name una.birch already.').waitFor();
  await dialog.getByRole('button', { name: 'Add 2 people' }).click();
  await dialog.getByText('Done. 2 of 2 added.').waitFor();
  await dialog.getByRole('button', { name: 'Make sign-in cards' }).click();
  await dialog.getByText(/^2 cards are made/).waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save as CSV' }).click();
  const [head, ...cards] = readFileSync(await (await download).path(), 'utf8')
    .trim()
    .split(/\r?\n/);
  expect(head).toBe('name,school code,username,password');
  expect(cards).toHaveLength(2);
  const [name, , username, password] = cards[1]?.split(',') ?? [];
  expect([name, username]).toEqual(['Vic Cole', 'vic.cole']);
  const pupil = await openDoor('fenmoor-2027');
  await enterBy(pupil, 'vic.cole', password ?? '');
  await isIn(pupil);
});
