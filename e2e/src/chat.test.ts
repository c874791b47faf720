import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GatewayStub, startGatewayStub } from '../../backend/src/test/gateway_stub/start_gateway_stub';
import { launchBrowser, people, signIn, upToDate } from './browser';
import { Installation } from './installation';

let stub: GatewayStub;
let installation: Installation;
let browser: Browser;
let teacher: Page;
let pupil: Page;
let pupilContext: BrowserContext;
let phone: Page;
let chatPath: string;

beforeAll(async () => {
  stub = await startGatewayStub({ pace: 30 });
  installation = await Installation.start({
    AI_GATEWAY_URL: stub.url,
    AI_API_KEY: 'key',
    AI_DEFAULT_MODEL: 'stub',
    AI_IDLE_TIMEOUT_MS: '2000',
  });
  browser = await launchBrowser();
  ({ page: teacher } = await signIn(browser, installation.url, people.teacher));
  ({ page: pupil, context: pupilContext } = await signIn(browser, installation.url, people.pupil));
  ({ page: phone } = await signIn(browser, installation.url, people.pupil, {
    viewport: { width: 390, height: 800 },
  }));
  const task = pupil.locator('a[href^="/assignments/"]').first();
  chatPath = (await task.getAttribute('href')) ?? '';
  await pupil.goto(installation.url + chatPath);
  await startAgain(pupil);
});
afterAll(async () => {
  await browser?.close();
  await installation?.stop();
  await stub?.close();
});

async function startAgain(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'More' }).click();
  const item = page.getByRole('menuitem', { name: 'Start again' });
  if (await item.count()) await item.click();
  else await page.keyboard.press('Escape');
}
async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.getByLabel('Message', { exact: true }).press('Enter');
}
const answers = (page: Page) => page.locator('.msg:not(.mine)');
const mine = (page: Page) => page.locator('.msg.mine');
const quiet = (page: Page) =>
  expect.poll(() => page.locator('.msg[aria-busy="true"]').count(), { timeout: 30_000 }).toBe(0);
const words = (count: number, word: string) =>
  Array.from({ length: count }, (_, at) => `${word}${at}`).join(' ');

test('stop ends the call to the AI, and what came stays and says so', async () => {
  stub.script({ kind: 'ok', text: words(400, 'leaf'), pace: 40 });
  const arrived = stub.arrived(stub.requests.length + 1);
  await say(pupil, 'Why are leaves green?');
  await answers(pupil).getByText('leaf3 ').waitFor();
  await pupil.getByRole('button', { name: /^Stop/ }).click();
  await pupil.getByText('You stopped this answer here.').waitFor();
  expect(await (await arrived).ended).toBe('aborted');
  expect(await answers(pupil).getByText('leaf3 ').count()).toBe(1);
});

test('an answer that was stopped goes on where it stood', async () => {
  stub.script({ kind: 'ok', text: 'and here is the rest of it.', pace: 10 });
  await answers(pupil).getByRole('button', { name: 'Go on' }).click();
  await answers(pupil).getByText('and here is the rest of it.').waitFor();
  await quiet(pupil);
  await pupil.getByText('You stopped this answer here.').waitFor({ state: 'detached' });
  expect(await answers(pupil).count()).toBe(1);
  expect(await answers(pupil).getByText('leaf3 ').count()).toBe(1);
});

test('another answer takes the place of the last one', async () => {
  stub.script({ kind: 'ok', text: 'A second try at it.', pace: 10 });
  await pupil.getByRole('button', { name: 'Another answer' }).click();
  await answers(pupil).getByText('A second try at it.').waitFor();
  await quiet(pupil);
  expect(await answers(pupil).count()).toBe(1);
  expect(await pupil.getByText('leaf3 ').count()).toBe(0);
});

test('a question that is written anew is answered anew', async () => {
  stub.script({ kind: 'ok', text: 'About autumn, then.', pace: 10 });
  await mine(pupil).getByRole('button', { name: 'Edit' }).click();
  const field = pupil.getByLabel('Change your message');
  await field.fill('Why do leaves turn red?');
  await field.press('Enter');
  await answers(pupil).getByText('About autumn, then.').waitFor();
  await quiet(pupil);
  expect(await mine(pupil).count()).toBe(1);
  expect(await pupil.getByText('Why are leaves green?').count()).toBe(0);
  expect(await answers(pupil).count()).toBe(1);
});

test('a pause holds the chat until its pupil goes on', async () => {
  await pupil.getByRole('button', { name: 'More' }).click();
  await pupil.getByRole('menuitem', { name: 'Pause this chat' }).click();
  await pupil.getByText('You paused this chat.').waitFor();
  await upToDate(pupil);
  await pupil.reload();
  await pupil.getByText('You paused this chat.').waitFor();
  await pupil.getByRole('button', { name: 'Go on', exact: true }).click();
  await pupil.getByLabel('Message', { exact: true }).waitFor();
});

test('two devices and the teacher watch one answer while it is written, however late they come', async () => {
  stub.script({ kind: 'ok', text: words(300, 'root'), pace: 40 });
  await phone.goto(installation.url + chatPath);
  await mine(phone).getByText('Why do leaves turn red?').waitFor();
  await teacher.goto(`${installation.url}/chats`);
  await say(pupil, 'And the roots?');
  await answers(pupil).getByText('root3 ').waitFor();
  await answers(phone).getByText('root3 ').waitFor();
  await phone.reload();
  await answers(phone).getByText('root3 ').waitFor();
  await teacher
    .getByRole('link', { name: new RegExp(`${people.pupil}.*Being answered`) })
    .first()
    .click();
  const transcript = teacher.locator('article.msg[aria-busy="true"]');
  await transcript.getByText('root3 ').waitFor();
  // All that while it was being written.
  expect(await pupil.locator('.msg[aria-busy="true"]').count()).toBe(1);
  await pupil.getByRole('button', { name: /^Stop/ }).click();
  for (const page of [pupil, phone, teacher]) await quiet(page);
  const texts = await Promise.all(
    [pupil, phone, teacher].map((page) => page.locator('article.msg .body').last().innerText()),
  );
  expect(texts[0]).toContain('root3 ');
  expect(new Set(texts).size).toBe(1);
});

test('the record shows the teacher what was replaced, and the teacher can pause the chat', async () => {
  await teacher.getByText('Written anew later').first().waitFor();
  await teacher.getByText('Replaced by another answer').first().waitFor();
  await teacher.getByRole('button', { name: 'Manage this chat' }).click();
  await teacher.getByRole('menuitem', { name: 'Pause this chat' }).click();
  await pupil.getByText('Your teacher has paused this chat.').waitFor();
  await teacher.getByRole('button', { name: 'Manage this chat' }).click();
  await teacher.getByRole('menuitem', { name: 'Let it go on' }).click();
  await pupil.getByLabel('Message', { exact: true }).waitFor();
});

test('an answer asked for again without a network comes when the network does', async () => {
  await pupilContext.setOffline(true);
  await pupil
    .getByRole('link', { name: /^Offline/ })
    .first()
    .waitFor({ timeout: 60_000 });
  await pupil.getByRole('button', { name: 'Another answer' }).last().click();
  await pupil.getByText('goes on when you are back online').waitFor();
  stub.script({ kind: 'ok', text: 'Back on the network.', pace: 10 });
  await pupilContext.setOffline(false);
  await answers(pupil).getByText('Back on the network.').waitFor({ timeout: 30_000 });
  await quiet(pupil);
});

test('whoever waits for a slow AI is told that it is slow', async () => {
  stub.script({ kind: 'hang' });
  await say(pupil, 'Are you there?');
  await pupil.getByText('The AI is taking longer than usual.').waitFor();
  await pupil.getByRole('button', { name: /^Stop/ }).click();
  await pupil.getByText('You stopped the answer before it began.').waitFor();
});

test('an administrator opens what was sent to the AI, and reads that the look was recorded', async () => {
  const { page: admin } = await signIn(browser, installation.url, people.admin);
  await admin.getByRole('link', { name: 'AI runs' }).first().click();
  const row = admin.getByRole('row', { name: new RegExp(`${people.pupil}.*Answered`) }).first();
  await row.getByRole('button', { name: /^Open the prompt/ }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByText('CORE BEHAVIOUR').waitFor();
  await dialog.getByText('That you opened this was recorded.').waitFor();
});
