import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, people, shellStored, signIn, upToDate } from './browser';
import { Installation } from './installation';

let installation: Installation;
let browser: Browser;
let teacher: Page;
let pupil: Page;
let pupilContext: BrowserContext;

beforeAll(async () => {
  installation = await Installation.start();
  browser = await launchBrowser();
  ({ page: teacher } = await signIn(browser, installation.url, people.teacher));
  ({ page: pupil, context: pupilContext } = await signIn(browser, installation.url, people.pupil));
});
afterAll(async () => {
  await browser?.close();
  await installation?.stop();
});

const title = 'Why the moon changes';
const yaml = `name: ${title}
type: chat
version: 1.0.0
behavior: |
  You are a patient astronomer. Ask what the pupil has seen before you explain.
constraints:
  topics: [moon, phases, orbit, sun]
  no_direct_answers: true
meta:
  description: Find out why the moon changes its shape.
`;

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.getByLabel('Message', { exact: true }).press('Enter');
}
const answers = (page: Page) => page.locator('.msg:not(.mine)');

test('a teacher writes a tool, is told what is wrong at its line, and publishes it', async () => {
  await teacher.goto(`${installation.url}/tools/new`);
  await teacher
    .getByRole('button', { name: /^Start from/ })
    .first()
    .click();
  const editor = teacher.locator('.cm-content');
  await editor.waitFor();
  await editor.click();
  await teacher.keyboard.press('ControlOrMeta+a');
  await teacher.keyboard.insertText(yaml.replace('type: chat', 'type: chatt'));
  await teacher.getByText(/type/).filter({ hasText: 'chatt' }).first().waitFor();
  await teacher.keyboard.press('ControlOrMeta+a');
  await teacher.keyboard.insertText(yaml);
  await teacher.getByText(/^Saved here/).waitFor();
  await teacher.getByRole('button', { name: 'Publish' }).click();
  await teacher.getByRole('button', { name: 'Assign', exact: true }).first().waitFor();
});

test('and gives it to a class, whose pupil sees it without doing anything', async () => {
  await teacher.getByRole('button', { name: 'Assign', exact: true }).first().click();
  const dialog = teacher.getByRole('dialog');
  await dialog.getByLabel('Class').selectOption({ label: '8B Science' });
  await dialog.getByRole('button', { name: /^Assign/ }).click();
  await dialog.waitFor({ state: 'hidden' });
  await pupil
    .getByRole('link', { name: new RegExp(title) })
    .first()
    .click();
  await pupil.getByRole('heading', { level: 1, name: title }).waitFor();
});

test('the pupil asks and the answer streams in', async () => {
  await say(pupil, 'the moon looks different every night');
  await pupil.locator('[aria-busy="true"]').first().waitFor();
  await answers(pupil).getByText('Practice model: a rehearsal, not a real AI.').waitFor();
  await expect.poll(() => pupil.locator('.msg[aria-busy="true"]').count(), { timeout: 30_000 }).toBe(0);
  expect(await answers(pupil).count()).toBe(1);
});

test('without a network the pupil reads on, also after a reload, and writes on', async () => {
  await shellStored(pupil);
  await pupilContext.setOffline(true);
  await pupil.reload();
  await pupil.getByRole('heading', { level: 1, name: title }).waitFor();
  await pupil.getByText('the moon looks different every night').waitFor();
  await pupil
    .getByRole('link', { name: /^Offline/ })
    .first()
    .waitFor();
  await say(pupil, 'I saw half of it yesterday');
  await say(pupil, 'and is it the shadow of the earth?');
  await pupil.getByText(/Waiting, first in line/).waitFor();
  await pupil.getByText(/Waiting, second in line/).waitFor();
  await pupil.reload();
  await pupil.getByText(/Waiting, second in line/).waitFor();
});

test('back on the network both are answered, in their order, once', async () => {
  await pupilContext.setOffline(false);
  await expect.poll(() => answers(pupil).count(), { timeout: 60_000 }).toBe(3);
  await expect.poll(() => pupil.locator('.msg[aria-busy="true"]').count(), { timeout: 30_000 }).toBe(0);
  await upToDate(pupil);
  const order = await pupil
    .locator('.msg')
    .evaluateAll((all) => all.map((one) => one.classList.contains('mine')));
  expect(order).toEqual([true, false, true, false, true, false]);
});

test('the teacher reads the conversation', async () => {
  await teacher.goto(`${installation.url}/chats`);
  await teacher
    .getByRole('link', { name: new RegExp(people.pupil) })
    .first()
    .click();
  await teacher.getByText('I saw half of it yesterday').waitFor();
  await teacher.getByText('and is it the shadow of the earth?').waitFor();
});

test('a server killed between question and answer answers when it is back, once', async () => {
  await say(pupil, 'what pulls the moon around us?');
  await pupil.getByText('what pulls the moon around us?').waitFor();
  await pupil.locator('[aria-busy="true"]').first().waitFor();
  installation.killServer();
  await expect.poll(() => answers(pupil).count(), { timeout: 60_000 }).toBe(4);
  await expect.poll(() => pupil.locator('.msg[aria-busy="true"]').count(), { timeout: 60_000 }).toBe(0);
  await upToDate(pupil);
  expect(await answers(pupil).count()).toBe(4);
  expect(await pupil.getByText('what pulls the moon around us?').count()).toBe(1);
});

test('a question written while the server is dead is sent and answered when it is back', async () => {
  installation.killServer();
  await say(pupil, 'does the sun pull too?');
  await expect.poll(() => answers(pupil).count(), { timeout: 60_000 }).toBe(5);
  await expect.poll(() => pupil.locator('.msg[aria-busy="true"]').count(), { timeout: 60_000 }).toBe(0);
  expect(await pupil.getByText('does the sun pull too?').count()).toBe(1);
});
