import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, people, signIn } from './browser';
import { Installation } from './installation';
import { seriousFaults } from './serious_faults';

/** A picture of 2 by 1. */
const logo = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR4nGNQaHAAIgAF5wHB1HO7ngAAAABJRU5ErkJggg==',
  'base64',
);

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

test('a group is made, dressed and moved, its people see it at once, and the log says who did it', async () => {
  const { page, context } = await signIn(browser, installation.url, people.admin);
  const teacher = await signIn(browser, installation.url, people.teacher);
  await page.goto(`${installation.url}/groups`);
  await page.getByRole('button', { name: 'New group' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Science');
  await dialog.getByRole('button', { name: 'Make group' }).click();
  await page.getByRole('cell', { name: 'Science' }).waitFor();

  await page.getByRole('button', { name: 'More for Science' }).click();
  await page.getByRole('menuitem', { name: 'Move into another group' }).click();
  await dialog.getByLabel('Into').selectOption({ label: 'Sedge Lane School' });
  await dialog.getByRole('button', { name: 'Move', exact: true }).click();
  await page.getByText('Science moved').waitFor();

  await page.getByRole('button', { name: 'More for Alder Row School' }).click();
  await page.getByRole('menuitem', { name: /Name, looks/ }).click();
  await dialog.getByLabel('Colour').selectOption({ label: 'Plum' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect
    .poll(() => teacher.page.evaluate(() => document.documentElement.dataset.accent), { timeout: 10_000 })
    .toBe('plum');

  // The school has a colour and no logo of its own, so that of the district stands in its bar too.
  await page.getByRole('button', { name: 'More for Fenmoor Schools' }).click();
  await page.getByRole('menuitem', { name: /Name, looks/ }).click();
  await dialog.getByLabel('Logo').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: logo });
  await dialog.getByAltText('The logo as it will look').waitFor();
  await dialog.getByRole('button', { name: 'Save' }).click();
  const shown = teacher.page.locator('.school-logo');
  await shown.waitFor();
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(2);
  expect(await teacher.page.evaluate(() => document.documentElement.dataset.accent)).toBe('plum');

  await page.goto(`${installation.url}/audit`);
  await page.getByRole('cell', { name: 'moved a group' }).first().waitFor();
  await page.getByRole('cell', { name: 'changed a group' }).first().waitFor();
  await teacher.context.close();
  await context.close();
});

test('a person is found, suspended and let in again, taken out as a file, and erased on every device', async () => {
  const { page, context } = await signIn(browser, installation.url, people.admin);
  const pupil = await signIn(browser, installation.url, people.pupil);
  await page.goto(`${installation.url}/people`);
  await page.getByLabel('Find a name or address').fill('lindqvist');
  await page.getByRole('button', { name: 'Open Theo Lindqvist' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Suspend' }).click();
  await page.getByText('Theo Lindqvist is signed out everywhere').waitFor();
  await dialog.getByRole('button', { name: 'Let in again' }).waitFor();
  await pupil.page.goto(installation.url);
  await pupil.page
    .getByText(/suspended|sign in/i)
    .first()
    .waitFor();
  await dialog.getByRole('button', { name: 'Let in again' }).click();
  await page.getByText('Theo Lindqvist may sign in again').waitFor();

  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Export what is stored' }).click();
  expect((await download).suggestedFilename()).toBe('Theo Lindqvist.json');

  const teacher = await signIn(browser, installation.url, people.teacher);
  await teacher.page.goto(`${installation.url}/chats`);
  await teacher.page.getByLabel('Find by name').fill('lindqvist');
  await teacher.page.getByText('Theo Lindqvist').first().waitFor();

  await dialog.getByRole('button', { name: 'Erase …' }).click();
  await dialog.getByLabel('Type the name to confirm').fill('Theo Lindqvist');
  await dialog.getByRole('button', { name: 'Erase for good' }).click();
  await page.getByText('Nobody fits').waitFor();

  // Their teacher's device drops what they wrote, on the page that is open.
  await expect.poll(() => teacher.page.getByText('Theo Lindqvist').count(), { timeout: 15_000 }).toBe(0);
  await pupil.context.close();
  await teacher.context.close();
  await context.close();
});

test('of namesakes one is chosen by what tells them apart; a log that cannot be fetched anew stays', async () => {
  const { page, context } = await signIn(browser, installation.url, people.admin);
  await page.goto(`${installation.url}/people`);
  const dialog = page.getByRole('dialog');
  for (const username of ['sam.one', 'sam.two']) {
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await dialog.getByLabel('Name', { exact: true }).fill('Sam Reed');
    await dialog.getByLabel('User name').fill(username);
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await dialog.getByRole('button', { name: 'Give this password' }).click();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dialog.waitFor({ state: 'detached' });
  }
  await page.goto(`${installation.url}/audit`);
  const when = page.getByLabel('When').locator('option');
  await expect.poll(async () => (await when.allInnerTexts())[0]).toBe('Any time');
  await page.getByLabel('Find a person').fill('reed sam');
  await page.getByText('2 people fit: choose one.').waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole('button', { name: /^Only Sam Reed, sam.two;/ }).click();
  await page.getByText('What Sam Reed did, and what was done to them.').waitFor();
  const rows = page.locator('main tbody tr');
  // One was added, and was given a password.
  await expect.poll(() => rows.count()).toBe(2);

  await page.route('**/rpc/audit/list', (route) => route.abort());
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText('This list is as it was').waitFor();
  expect(await rows.count()).toBe(2);
  await page.unroute('**/rpc/audit/list');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('This list is as it was').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Everybody' }).click();
  await expect.poll(() => rows.count()).toBeGreaterThan(1);

  await page.goto(`${installation.url}/sign-ins`);
  await page.getByLabel('Find a person').fill('sam.one');
  await page.getByRole('button', { name: /^Only Sam Reed/ }).click();
  await page.getByRole('heading', { name: 'Where Sam Reed is signed in' }).waitFor();
  await page.getByText('Sam Reed is signed in on no device').waitFor();
  expect(new URL(page.url()).searchParams.get('userId')).toMatch(/^user-/);
  await context.close();
});

test('what is set while the server does not answer says so in a sentence, and can be saved after it', async () => {
  const { page, context } = await signIn(browser, installation.url, people.admin);
  await page.goto(`${installation.url}/modules`);
  const card = page.getByRole('region', { name: /Struggle detector/i });
  await card.getByLabel('On', { exact: true }).check();
  await page.route('**/rpc/hooks/set', (route) => route.abort());
  await card.getByRole('button', { name: 'Save' }).click();
  await card.getByText('Not saved. The server does not answer. Check the network, then try again.').waitFor();
  await page.unroute('**/rpc/hooks/set');
  await card.getByRole('button', { name: 'Save' }).click();
  await card.getByText('On here', { exact: true }).waitFor();
  await context.close();
});

test('keeping chats for less is asked about first, and what could not be fetched can be fetched again', async () => {
  const { page, context } = await signIn(browser, installation.url, people.admin);
  const dialog = page.getByRole('dialog');
  const open = async (group: string, item: RegExp) => {
    await page.getByRole('button', { name: `More for ${group}` }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  await page.goto(`${installation.url}/groups`);
  await open('Sedge Lane School', /Name, looks/);
  const buffer = Buffer.alloc(40_000);
  await dialog.getByLabel('Logo').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer });
  await dialog.getByText('This file is larger than 35 kB').waitFor();
  await dialog.getByLabel('Keep chats for (days)').fill('30');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await dialog.getByText('This erases chats for good').waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Save and erase' }).click();
  await dialog.waitFor({ state: 'detached' });
  // The page behind may still be as it was for a moment.
  const reopened = async () => {
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await open('Sedge Lane School', /Name, looks/);
    return dialog.getByLabel('Keep chats for (days)').inputValue();
  };
  await expect.poll(reopened, { timeout: 15_000 }).toBe('30');
  await dialog.getByLabel('Keep chats for (days)').fill('');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });

  await page.route('**/rpc/tenants/readSchoolCode', (route) => route.abort());
  await open('Fenmoor Schools', /School code/);
  await dialog.getByText('The code of now could not be fetched.').waitFor();
  await page.unroute('**/rpc/tenants/readSchoolCode');
  await dialog.getByRole('button', { name: 'Fetch it again' }).click();
  await dialog.getByText('This is the code already.').waitFor();
  await dialog.getByLabel('Code').fill(' ');
  await dialog.getByText('Take 3 letters or digits at least.').waitFor();
  await context.close();
});

test('the second account of a person is found, compared and merged, and is gone from the list', async () => {
  const { page, context } = await signIn(browser, installation.url, people.admin);
  await page.goto(`${installation.url}/people`);
  await page.getByLabel('Find a name or address').fill('nwosu');
  await page.getByRole('button', { name: 'Open Amara Nwosu' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Merge a duplicate …' }).click();
  await dialog.getByLabel('The other account of the same person').fill('pruitt');
  await dialog.getByRole('button', { name: 'Compare' }).click();
  // He teaches where she is a pupil: what becomes of that is said before anything happens.
  await dialog
    .getByText(/becomes free/)
    .first()
    .waitFor();
  await dialog.getByRole('button', { name: 'Merge for good' }).click();
  await page.getByText('Jasper Pruitt is merged into Amara Nwosu').waitFor();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByLabel('Find a name or address').fill('pruitt');
  await page.getByText('Nobody fits').waitFor();
  await page.goto(`${installation.url}/audit`);
  await page.getByRole('cell', { name: 'merged two accounts of a person' }).first().waitFor();
  await context.close();
});
