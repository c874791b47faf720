import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, people, signIn, upToDate } from './browser';
import { giveForm } from './give_form';
import { Installation } from './installation';
import { seriousFaults } from './serious_faults';

let installation: Installation;
let browser: Browser;
let admin: Page;
let pupil: Page;
let teacher: Page;
let school: BrowserContext;

beforeAll(async () => {
  installation = await Installation.start();
  browser = await launchBrowser();
  ({ page: teacher, context: school } = await signIn(browser, installation.url, people.teacher));
  ({ page: pupil } = await signIn(browser, installation.url, people.pupil));
  ({ page: admin } = await signIn(browser, installation.url, people.admin));
  await admin.goto(`${installation.url}/modules`);
  await admin.getByLabel('Place').selectOption({ label: 'Everywhere' });
  for (const name of [/Struggle detector/i, /Safety filter/i]) {
    const card = admin.getByRole('region', { name });
    await card.getByLabel('On', { exact: true }).check();
    await card.getByRole('button', { name: 'Save' }).click();
    await card.getByText('On here', { exact: true }).waitFor();
  }
});
afterAll(async () => {
  await browser?.close();
  await installation?.stop();
});

const threatened = () =>
  teacher.getByRole('button', {
    name: `Seen: ${people.pupil}, Wrote something that reads like a threat to others.`,
  });
const noted = () => teacher.getByRole('button', { name: `Seen: ${people.pupil}, Seems to be stuck here.` });

test('a pupil who is stuck stands on the teacher’s home page, and in the chat at the line', async () => {
  await pupil
    .getByRole('link', { name: /Photosynthesis recap/ })
    .first()
    .click();
  const box = pupil.getByLabel('Message', { exact: true });
  for (const text of [
    'I do not understand this at all',
    'I still do not get it',
    'I am stuck, I give up',
    'im gonna stab my brother',
  ]) {
    await box.fill(text);
    await box.press('Enter');
    await pupil.locator('.msg.mine').getByText(text).waitFor();
    await pupil.getByText('Up to date').first().waitFor();
  }
  await threatened().waitFor();
  await teacher.getByText('and 1 more in this chat').waitFor();
  expect(await seriousFaults(teacher)).toEqual([]);
});

test('only the note that stands there is marked as seen; the next one of the chat takes its place', async () => {
  expect(await noted().count()).toBe(0);
  await threatened().click();
  await noted().waitFor();
  expect(await threatened().count()).toBe(0);
  await upToDate(teacher);
});

test('taken on without a network it leaves the home page at once; the chat and the audit log say who took it on', async () => {
  await school.setOffline(true);
  await noted().click();
  await noted().waitFor({ state: 'detached' });
  await school.setOffline(false);
  await upToDate(teacher);
  await teacher.goto(`${installation.url}/chats`);
  await teacher
    .locator('main')
    .getByRole('link', { name: new RegExp(people.pupil) })
    .first()
    .click();
  await teacher.getByText(`Seen by ${people.teacher}`).first().waitFor();
  expect(await seriousFaults(teacher)).toEqual([]);
  await admin.goto(`${installation.url}/audit`);
  const row = admin.getByRole('row', { name: /took on what a module had noted/ }).first();
  await row.waitFor();
  expect(await row.innerText()).toContain(people.pupil);
});

const title = 'Quiz for the trip';
const threatenedInForm = () =>
  teacher
    .getByRole('listitem')
    .filter({
      has: teacher.getByRole('button', {
        name: `Seen: ${people.pupil}, Wrote something that reads like a threat to others.`,
      }),
    })
    .filter({ has: teacher.getByRole('link', { name: 'Open result' }) });

test('what is noted of a form stands on the teacher’s home page too, and leads to its result', async () => {
  await giveForm(teacher, installation.url, title);

  await pupil.goto(installation.url);
  await pupil
    .getByRole('link', { name: new RegExp(title) })
    .first()
    .click();
  await pupil.getByLabel('Topic').fill('im gonna stab my brother');
  await pupil.getByRole('radio', { name: 'easy' }).check();
  await pupil.getByRole('button', { name: 'Send' }).click();
  await pupil.waitForURL((url) => url.pathname.startsWith('/results/'));
  await upToDate(pupil);

  await teacher.goto(installation.url);
  await threatenedInForm().waitFor();
  expect(await seriousFaults(teacher)).toEqual([]);
  await threatenedInForm().getByRole('link', { name: 'Open result' }).click();
  await teacher.getByRole('heading', { level: 1, name: people.pupil }).waitFor();
  await teacher
    .getByRole('button', { name: 'Seen: Wrote something that reads like a threat to others.' })
    .waitFor();
  expect(await seriousFaults(teacher)).toEqual([]);
});

test('taken on at the result, it says by whom and leaves the home page; its pupil is shown nothing of it', async () => {
  await teacher
    .getByRole('button', { name: 'Seen: Wrote something that reads like a threat to others.' })
    .click();
  await teacher.getByText(`Seen by ${people.teacher}`).waitFor();
  await upToDate(teacher);
  await teacher.goto(installation.url);
  const needs = teacher.getByRole('region', { name: 'Needs you' });
  await needs.waitFor();
  await needs.getByText('Loading what needs you').waitFor({ state: 'detached' });
  await threatenedInForm().waitFor({ state: 'detached' });
  await upToDate(pupil);
  expect(await pupil.locator('main').innerText()).not.toContain('threat');
});
