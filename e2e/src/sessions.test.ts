import { AxeBuilder } from '@axe-core/playwright';
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
}

const theo = 'theo.lindqvist@alderrow.example';

test('a teacher gives a pupil a password, shows once more who they are, and goes on where they were; the pupil comes in by it, and on a shared device is signed out when they stop', async () => {
  const { page } = await signIn(browser, installation.url, people.teacher);
  await page.goto(`${installation.url}/classes`);
  await page
    .locator('main')
    .getByRole('link', { name: /8B Science/ })
    .first()
    .click();
  await page.getByRole('button', { name: `New password for ${people.pupil}` }).click();
  const dialog = page.getByRole('dialog', { name: `A new password for ${people.pupil}` });
  const password = await dialog.getByLabel('New password').inputValue();
  expect(password).toMatch(/^[a-z]+-[a-z]+-[a-z]+-\d\d$/);
  await passesAxe(page);
  // As the server answers ten minutes after the sign-in.
  await page.route(
    '**/rpc/auth/givePassword',
    (route) =>
      route.fulfill({
        status: 401,
        json: {
          json: {
            defined: false,
            code: 'UNAUTHORIZED',
            status: 401,
            message: 'Please sign in again to do this.',
            data: { details: { reason: 'fresh_session_required' } },
          },
        },
      }),
    { times: 1 },
  );
  await dialog.getByRole('button', { name: 'Give this password' }).click();
  const proof = page.getByRole('dialog', { name: 'Is it still you?' });
  await proof.getByLabel('Your password').fill('not mine');
  await proof.getByRole('button', { name: 'Go on' }).click();
  await proof.getByText('This is not your password.').waitFor();
  await passesAxe(page);
  await proof.getByLabel('Your password').fill('scallion-demo');
  await proof.getByRole('button', { name: 'Go on' }).click();
  await page
    .getByRole('dialog', { name: `${people.pupil} can sign in` })
    .getByText(password)
    .waitFor();

  const context = await browser.newContext({ viewport: { width: 375, height: 800 } });
  context.setDefaultTimeout(15_000);
  await context.clock.install();
  const shared = await context.newPage();
  await shared.goto(`${installation.url}/sign-in`);
  await shared.getByLabel('School e-mail or username').fill(theo);
  await shared.getByLabel('Password', { exact: true }).fill(password);
  await shared.getByLabel('No, shared').check();
  await shared.getByRole('button', { name: 'Sign in', exact: true }).click();
  await shared.getByRole('navigation', { name: 'Main' }).first().waitFor({ state: 'attached' });
  const question = shared.getByRole('dialog', { name: `Still there, ${people.pupil}?` });
  await shared.clock.fastForward('19:10');
  await question.getByText(/^\d+ seconds$/).waitFor();
  await passesAxe(shared);
  await question.getByRole('button', { name: 'I am still here' }).click();
  await question.waitFor({ state: 'hidden' });
  await shared.clock.fastForward('19:10');
  await question.waitFor();
  await shared.clock.fastForward('01:00');
  await shared.waitForURL(/\/sign-in/);
  expect((await context.cookies()).find(({ name }) => name === 'rapt_session')).toBeUndefined();
});

test('somebody sees where they are signed in and ends the other one', async () => {
  const here = await signIn(browser, installation.url, people.admin, {
    viewport: { width: 375, height: 800 },
  });
  const there = await signIn(browser, installation.url, people.admin);
  await here.page.goto(`${installation.url}/account`);
  await here.page.getByText('This one').waitFor();
  await passesAxe(here.page);
  expect(await here.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
  await here.page
    .getByRole('button', { name: /^Sign out Chrome/ })
    .first()
    .click();
  await there.page.getByText('Your sign-in has ended.').waitFor();
  await here.page.getByText('This one').waitFor();

  await here.page.getByRole('textbox', { name: 'New password' }).fill('short');
  await here.page.getByRole('button', { name: 'Change it' }).click();
  await here.page.getByText('Take 8 characters or more.').waitFor();
  await here.page.getByRole('textbox', { name: 'New password' }).fill('eleven green chairs');
  await here.page.getByRole('button', { name: 'Change it' }).click();
  await here.page.getByText('Changed. Every other device is signed out.').waitFor();
});

test('an administrator sees where a pupil is signed in and signs them out everywhere, at once', async () => {
  const name = 'Amara Nwosu';
  const pupil = await signIn(browser, installation.url, name);
  const { page } = await signIn(browser, installation.url, 'Ros Tembe', {
    viewport: { width: 375, height: 800 },
  });
  await page.goto(`${installation.url}/people`);
  await page.getByLabel('Find a name or address').fill(name);
  await page.getByRole('button', { name: `Open ${name}` }).click();
  await page.getByRole('link', { name: 'Where they are signed in' }).click();
  await page.getByRole('heading', { level: 1, name: `Where ${name} is signed in` }).waitFor();
  await page
    .getByRole('button', { name: `Sign ${name} out of Chrome on Linux` })
    .first()
    .waitFor();
  await passesAxe(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.getByText(`${name} is signed in on no device at the moment.`).waitFor();
  await pupil.page.getByText('Your sign-in has ended.').waitFor();
});
