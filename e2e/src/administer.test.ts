import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, people, signIn } from './browser';
import { Installation } from './installation';

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
