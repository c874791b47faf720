import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from './browser';
import { Installation } from './installation';

let installation: Installation;
let browser: Browser;
beforeAll(async () => {
  installation = await Installation.start({ NODE_ENV: 'production', BETTER_AUTH_SECRET: 'e2e '.repeat(12) });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await installation?.stop();
});

test('a production server prints a link; whoever follows it is the first administrator, and nobody after', async () => {
  const path = /\/set-up#[\w-]{43}/.exec(installation.announced)?.[0];
  expect(path).toBeDefined();
  const context = await browser.newContext({ viewport: { width: 375, height: 800 } });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  await page.goto(`${installation.url}${path}`);
  await page.getByRole('button', { name: 'Make the school' }).click();
  await page.getByText('Type an address like').or(page.getByText('Fill this in.')).first().waitFor();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);

  await page.getByLabel('Name of your school or district').fill('Alder Row');
  await page.getByLabel('Your name').fill('Mara Lind');
  await page.getByLabel('Your e-mail').fill('mara@alder.example');
  await page.getByLabel(/^A password/).fill('correct horse battery');
  await page.getByRole('button', { name: 'Make the school' }).click();
  await page.getByRole('navigation', { name: 'Main' }).first().waitFor({ state: 'attached' });
  const [session] = (await context.cookies()).filter(({ name }) => name === 'rapt_session');
  expect(session).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax' });

  const late = await (await browser.newContext()).newPage();
  await late.goto(`${installation.url}${path}`);
  for (const [label, text] of [
    ['Name of your school or district', 'Mine'],
    ['Your name', 'Somebody'],
    ['Your e-mail', 'else@alder.example'],
    [/^A password/, 'correct horse battery'],
  ] as const) {
    await late.getByLabel(label).fill(text);
  }
  await late.getByRole('button', { name: 'Make the school' }).click();
  await late.getByText('This link has been used or is older than a day.').waitFor();
});
