import { AxeBuilder } from '@axe-core/playwright';
import { createClient } from '@raptscallions/client/create_client';
import type { Browser, Page } from 'playwright-core';
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

async function passesAxe(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
}

async function newPhone(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 375, height: 800 } });
  context.setDefaultTimeout(15_000);
  return context.newPage();
}

test('without a mail server an administrator hands the link over; it lets its person in, once, and back in later', async () => {
  const hollis = { email: 'd.hollis@fenmoor.example', password: 'scallion-demo' };
  const api = await createClient(installation.url, hollis);
  const { items } = await api.classes.list({ limit: 1 });
  const groupId = items[0]?.groupId;
  if (!groupId) throw new Error('no school');
  const email = 'nia.obi@alderrow.example';
  await api.auth.invite({ name: 'Nia Obi', email, groupId, role: 'teacher' });

  const admin = await signIn(browser, installation.url, people.admin, {
    viewport: { width: 375, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const copyLink = async () => {
    await admin.page.goto(`${installation.url}/sign-in-links`);
    const row = admin.page.getByRole('row', { name: /Nia Obi/ }).first();
    // The queue keeps it a moment after the call.
    await expect
      .poll(async () => {
        await admin.page.getByRole('button', { name: 'Refresh' }).click();
        await admin.page.getByRole('table').waitFor();
        return row.getByText('Hand over').count();
      })
      .toBe(1);
    await row.getByRole('button', { name: 'Copy link' }).click();
    await row.getByText('Copied').waitFor();
    return admin.page.evaluate(() => navigator.clipboard.readText());
  };
  const invitation = await copyLink();
  await passesAxe(admin.page);
  expect(invitation).toMatch(new RegExp(`^${installation.url}/link#[\\w.-]{60,}$`));

  const phone = await newPhone();
  await phone.goto(invitation);
  await phone.getByRole('heading', { name: 'Welcome, Nia Obi.' }).waitFor();
  await phone.getByRole('button', { name: 'Choose it and sign in' }).click();
  await phone.getByText('Take 8 characters or more.').waitFor();
  await passesAxe(phone);
  await phone.getByLabel('Password', { exact: true }).fill('seven blue whales');
  await phone.getByRole('button', { name: 'Choose it and sign in' }).click();
  await phone.getByRole('navigation', { name: 'Main' }).first().waitFor({ state: 'attached' });

  const late = await newPhone();
  await late.goto(invitation);
  await late.getByRole('heading', { name: 'This link has done its work.' }).waitFor();
  await passesAxe(late);
  await late.goto(`${invitation.slice(0, -5)}`);
  await late.reload();
  await late.getByRole('heading', { name: 'This is not a whole link.' }).waitFor();

  await late.goto(`${installation.url}/sign-in`);
  await late.getByRole('link', { name: 'Forgot your password?' }).click();
  // The page before it has a field whose label begins alike.
  await late.getByLabel('School e-mail', { exact: true }).fill('nobody@alderrow.example');
  await passesAxe(late);
  await late.getByRole('button', { name: 'Send me a link' }).click();
  await late.getByRole('heading', { name: 'Look into your mail.' }).waitFor();
  await late.goto(`${installation.url}/forgot`);
  await late.getByLabel('School e-mail').fill(email);
  await late.getByRole('button', { name: 'Send me a link' }).click();
  await late.getByRole('heading', { name: 'Look into your mail.' }).waitFor();

  const reset = await copyLink();
  await late.goto(reset);
  await late.reload();
  await late.getByRole('heading', { name: 'A new password.' }).waitFor();
  await late.getByLabel('Password', { exact: true }).fill('eight red foxes');
  await late.getByRole('button', { name: 'Choose it and sign in' }).click();
  await late.getByRole('navigation', { name: 'Main' }).first().waitFor({ state: 'attached' });
  // Whoever knew the old password is out.
  await phone
    .getByText('Your sign-in has ended.')
    .or(phone.getByRole('heading', { name: /Welcome back/ }))
    .first()
    .waitFor();
});
