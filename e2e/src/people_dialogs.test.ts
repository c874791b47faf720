import { readFileSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, people, signIn } from './browser';
import { Installation } from './installation';
import { seriousFaults } from './serious_faults';

let installation: Installation;
let browser: Browser;
let page: Page;
let dialog: Locator;
beforeAll(async () => {
  installation = await Installation.start();
  browser = await launchBrowser();
  ({ page } = await signIn(browser, installation.url, people.admin));
  dialog = page.getByRole('dialog');
});
afterAll(async () => {
  await browser?.close();
  await installation?.stop();
});

const button = (name: string | RegExp) => dialog.getByRole('button', { name, exact: true });

/** A file of pupils with user names, chosen in the dialog for files. */
async function chooseFile(usernames: string[]): Promise<void> {
  await page.goto(`${installation.url}/groups`);
  await page.getByRole('link', { name: 'People', exact: true }).first().click();
  await page.getByRole('button', { name: 'From a file' }).click();
  const lines = usernames.map((username) => `Pupil ${username};${username};Alder Row School;pupil`);
  const buffer = Buffer.from(['name;username;group;role', ...lines].join('\n'));
  await dialog.getByLabel('File').setInputFiles({ name: 'class.csv', mimeType: 'text/csv', buffer });
  await button(`Add ${usernames.length} people`).waitFor();
}

/** Holds each call of a procedure back until it is let go; `calls` are the bodies of those that came. */
async function holdCalls(procedure: string) {
  const calls: string[] = [];
  const held: (() => void)[] = [];
  await page.route(`**/rpc/${procedure}`, async (route) => {
    calls.push(route.request().postData() ?? '');
    await new Promise<void>((resolve) => held.push(resolve));
    await route.continue();
  });
  return {
    calls,
    arrived: (count: number) => expect.poll(() => calls.length).toBe(count),
    letGo: () => held.shift()?.(),
    end: () => page.unroute(`**/rpc/${procedure}`),
  };
}

test('adding from a file is stopped by Escape, goes on with those who wait, and cards are not lost by closing', async () => {
  await chooseFile(['ann.a', 'ben.b', 'cas.c']);
  const invitations = await holdCalls('auth/invite');
  await button('Add 3 people').click();
  await invitations.arrived(1);
  await page.keyboard.press('Escape');
  invitations.letGo();
  await dialog.getByText('Stopped. 1 of 3 added.').waitFor();
  expect(invitations.calls).toHaveLength(1);
  await invitations.end();

  await button('Make sign-in cards').click();
  await dialog.getByText(/^1 card is made/).waitFor();
  await page.keyboard.press('Escape');
  await dialog.getByText('1 card is neither printed nor saved').waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await button('Keep them here').click();
  await page.goBack();
  await dialog.getByText('1 card is neither printed nor saved').waitFor();
  await button('Keep them here').click();

  await button('Go on with 2 people').click();
  await dialog.getByText('Done. 3 of 3 added.').waitFor();
  await button('Make the other 2').click();
  await dialog.getByText(/^3 cards are made/).waitFor();
  const download = page.waitForEvent('download');
  await button('Save as CSV').click();
  const lines = readFileSync(await (await download).path(), 'utf8')
    .trim()
    .split(/\r?\n/);
  expect(lines.slice(1).map((line) => line.split(',')[2])).toEqual(['ann.a', 'ben.b', 'cas.c']);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});

test('without a network adding stops at once and forgets nobody; who cannot have a card keeps none from the others', async () => {
  await chooseFile(['dot.d', 'eve.e', 'fay.f']);
  const added: string[] = [];
  let away = false;
  await page.route('**/rpc/auth/invite', async (route) => {
    if (away) return route.abort();
    const answer = await route.fetch();
    added.push((await answer.json()).json.userId);
    away = added.length === 2;
    await route.fulfill({ response: answer });
  });
  await button('Add 3 people').click();
  await dialog.getByText('Stopped. 2 of 3 added.').waitFor();
  await dialog.getByText(/Check the network/).waitFor();
  expect(await dialog.getByText(/^Line/).count()).toBe(0);
  away = false;
  await button('Go on with 1 person').click();
  await dialog.getByText('Done. 3 of 3 added.').waitFor();

  // Somebody else erases the second of them meanwhile.
  const data = { json: { userId: added[1] } };
  const erased = await page.request.post(`${installation.url}/rpc/privacy/erasePerson`, { data });
  expect(erased.status()).toBe(200);
  await button('Make sign-in cards').click();
  await dialog.getByText(/^2 cards are made/).waitFor();
  await dialog.getByRole('list', { name: 'Without a card' }).getByText('Pupil eve.e').waitFor();
  await button('Save as CSV').click();
  await button('Close').first().click();
  await dialog.waitFor({ state: 'detached' });
  await page.unroute('**/rpc/auth/invite');
});

test('a card shows the password that was given, and says so when it does not know the rest', async () => {
  await page.route('**/rpc/auth/showSignIn', (route) => route.abort());
  await page.getByLabel('Find a name or address').fill('ann.a');
  await page.getByRole('button', { name: 'Open Pupil ann.a' }).click();
  await button('Give a password').click();
  const given = await dialog.getByLabel('New password').inputValue();
  const giving = await holdCalls('auth/givePassword');
  await button('Give this password').click();
  await giving.arrived(1);
  await button('Another').click();
  giving.letGo();
  await dialog.getByText('What Pupil ann.a types beside it could not be fetched.').waitFor();
  expect(await dialog.locator('code').innerText()).toBe(given);
  expect(giving.calls[0]).toContain(given);
  await page.unroute('**/rpc/auth/showSignIn');
  await button('Fetch it again').click();
  await dialog.getByText('ann.a', { exact: true }).waitFor();
  expect(await dialog.locator('code').innerText()).toBe(given);
  await giving.end();
  await button('Done').click();
  await button('Done').click();
});

test('a role is chosen first and given by a button, the dialog stays though the list is narrowed by it, the toast over it takes it back, and pressing twice sends one link', async () => {
  await page.getByLabel('Role', { exact: true }).selectOption({ label: 'Pupil' });
  await page.getByRole('button', { name: 'Open Pupil ann.a' }).click();
  const role = dialog.getByLabel('Role in Alder Row School');
  await role.waitFor();
  expect(await role.locator('option').allInnerTexts()).toEqual(['Pupil', 'Teacher', 'Administrator']);
  await role.focus();
  await page.keyboard.press('ArrowDown');
  await button('Change').waitFor();
  expect(await page.getByText('is Teacher in Alder Row School').count()).toBe(0);
  await button('Change').click();
  await page.getByText('Pupil ann.a is Teacher in Alder Row School').waitFor();
  expect(await role.inputValue()).toBe('teacher');
  await page.getByText('Nobody fits').waitFor();
  expect(await dialog.count()).toBe(1);
  await page.getByRole('button', { name: /^Undo/ }).click();
  await expect.poll(() => role.inputValue()).toBe('student');
  expect(await dialog.count()).toBe(1);

  const links = await holdCalls('auth/sendLink');
  await button('Send a sign-in link').dblclick();
  await links.arrived(1);
  links.letGo();
  await page.getByText('A sign-in link for Pupil ann.a is made.').waitFor();
  expect(links.calls).toHaveLength(1);
  await links.end();

  const group = dialog.getByLabel('Put into another group');
  await group.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await button('Put in').waitFor();
  expect(await dialog.getByLabel(/^Role in/).count()).toBe(2);
  expect(await dialog.getByRole('button', { name: /^Take out of/ }).count()).toBe(1);
  expect(await seriousFaults(page)).toEqual([]);
});
