import { createClient } from '@raptscallions/client/create_client';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, people, signIn, upToDate } from './browser';
import { Installation } from './installation';

let installation: Installation;
let browser: Browser;
let teacher: Page;
let context: BrowserContext;
beforeAll(async () => {
  installation = await Installation.start();
  browser = await launchBrowser();
  ({ page: teacher, context } = await signIn(browser, installation.url, people.teacher));
  await teacher.goto(`${installation.url}/classes`);
  await teacher
    .getByRole('link', { name: /8B Science/ })
    .first()
    .click();
  await teacher.getByRole('heading', { level: 1, name: '8B Science' }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await installation?.stop();
});

const title = 'Photosynthesis recap';
const given = (text: string) =>
  teacher.getByRole('region', { name: 'Assignments' }).getByRole('listitem').filter({ hasText: text });
const work = () => given(title);
/** A tab that was opened a moment ago may notice only when its stream has been silent for 40 s. */
async function seesOffline(page: Page): Promise<void> {
  await page
    .getByRole('link', { name: /^Offline/ })
    .first()
    .waitFor({ timeout: 60_000 });
}

async function takeBack(): Promise<void> {
  await work()
    .getByRole('button', { name: `More for ${title}` })
    .click();
  await teacher.getByRole('menuitem', { name: 'Take back from the class' }).click();
  await work().waitFor({ state: 'detached' });
}

test('what was done without a network is undone by Ctrl Z, and nothing of it is ever sent', async () => {
  await context.setOffline(true);
  await seesOffline(teacher);
  await takeBack();
  await teacher
    .getByRole('link', { name: /1 waiting/ })
    .first()
    .waitFor();
  await teacher.getByRole('button', { name: /^Undo/ }).waitFor();
  await teacher.keyboard.press('ControlOrMeta+z');
  await work().waitFor();
  await teacher
    .getByRole('link', { name: /^Offline since [^,]*\. This device$/ })
    .first()
    .waitFor();
  await context.setOffline(false);
  await upToDate(teacher);
  expect(await work().count()).toBe(1);
});

test('what has reached the server is undone there too', async () => {
  await takeBack();
  await upToDate(teacher);
  await teacher.getByRole('button', { name: /^Undo/ }).click();
  await work().waitFor();
  await upToDate(teacher);
  await teacher.reload();
  await work().waitFor();
});

/** Writes another title into the box pupils read, and is shown it. */
async function rename(from: string, to: string): Promise<void> {
  await given(from)
    .getByRole('button', { name: `More for ${from}` })
    .click();
  await teacher.getByRole('menuitem', { name: /^Change title/ }).click();
  const dialog = teacher.getByRole('dialog');
  await dialog.getByLabel('Title').fill(to);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await given(to).waitFor();
}

test('changing what pupils read is shown at once and can be undone', async () => {
  await rename(title, 'Leaves, again');
  await teacher.getByRole('button', { name: /^Undo/ }).click();
  await work().waitFor();
  await upToDate(teacher);
});

test('what the server refuses is taken back, said in words, and can be tried again or discarded', async () => {
  const admin = await createClient(installation.url, {
    email: 'd.hollis@fenmoor.example',
    password: 'scallion-demo',
  });
  const { items } = await admin.classes.list({ limit: 50 });
  const science = items.find(({ name }) => name === '8B Science');
  if (!science) throw new Error('no such class');
  const { classId } = science;
  const refused = teacher.getByRole('region', { name: 'Not saved' });
  /** A title written without a network, while somebody archives the class. */
  async function renameTooLate(from: string, to: string): Promise<void> {
    await context.setOffline(true);
    await seesOffline(teacher);
    await rename(from, to);
    await admin.classes.archive({ classId, archived: true });
    await context.setOffline(false);
    const pill = teacher.getByRole('link', { name: /^1 not saved/ }).first();
    await pill.waitFor();
    expect(await given(to).count()).toBe(0);
    await pill.click();
    await refused.getByText(`Change “${to}”`).waitFor();
    await admin.classes.archive({ classId, archived: false });
  }
  async function backToClass(): Promise<void> {
    await upToDate(teacher);
    await refused.waitFor({ state: 'detached' });
    await teacher.goto(`${installation.url}/classes`);
    await teacher
      .getByRole('link', { name: /8B Science/ })
      .first()
      .click();
  }
  await renameTooLate(title, 'Second try');
  await refused.getByRole('button', { name: 'Try again' }).click();
  await backToClass();
  await given('Second try').waitFor();

  await renameTooLate('Second try', 'Never mind');
  await refused.getByRole('button', { name: 'Discard' }).click();
  await backToClass();
  await given('Second try').waitFor();
  expect(await given('Never mind').count()).toBe(0);
});

test('two tabs write while there is no network; the one that led is closed; each message arrives once', async () => {
  const { page: first, context: pupil } = await signIn(browser, installation.url, people.pupil);
  const href = await first.locator('a[href^="/assignments/"]').first().getAttribute('href');
  const second = await pupil.newPage();
  for (const tab of [first, second]) {
    await tab.goto(installation.url + href);
    await tab.getByLabel('Message', { exact: true }).waitFor();
  }
  await pupil.setOffline(true);
  const texts = ['Written in the first tab', 'Written in the second tab'];
  for (const [at, tab] of [first, second].entries()) {
    await seesOffline(tab);
    await tab.getByLabel('Message', { exact: true }).fill(texts[at] ?? '');
    await tab.getByLabel('Message', { exact: true }).press('Enter');
  }
  for (const tab of [first, second])
    for (const text of texts) await tab.locator('.msg.mine').getByText(text).waitFor();
  await first.close();
  await pupil.setOffline(false);
  await upToDate(second);
  const { page: other, context: elsewhere } = await signIn(browser, installation.url, people.pupil);
  await other.goto(installation.url + href);
  await other.locator('.msg.mine').getByText('Written in the second tab').waitFor();
  for (const text of texts) expect(await other.locator('.msg.mine').getByText(text).count()).toBe(1);
  await elsewhere.close();
  await pupil.close();
});
