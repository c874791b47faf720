import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, people, signIn } from './browser';
import { Installation } from './installation';
import { seriousFaults } from './serious_faults';

let installation: Installation;
let browser: Browser;
let teacher: Page;
let pupil: Page;
let admin: Page;

beforeAll(async () => {
  installation = await Installation.start();
  browser = await launchBrowser();
  ({ page: teacher } = await signIn(browser, installation.url, people.teacher));
  ({ page: pupil } = await signIn(browser, installation.url, people.pupil));
  ({ page: admin } = await signIn(browser, installation.url, people.admin));
});
afterAll(async () => {
  await browser?.close();
  await installation?.stop();
});

async function say(text: string): Promise<void> {
  await pupil.getByLabel('Message', { exact: true }).fill(text);
  await pupil.getByLabel('Message', { exact: true }).press('Enter');
}

/** Leaves the school one more call in this hour. */
async function leaveOneCall(): Promise<void> {
  const bar = admin.getByText(/^Calls this hour: \d+ of /);
  const used = Number(/(\d+) of/.exec((await bar.textContent()) ?? '')?.[1]);
  await admin.getByRole('button', { name: 'Change', exact: true }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByLabel('Calls an hour').fill(String(used + 1));
  await dialog.getByRole('button', { name: 'Save' }).click();
  await admin.getByText(new RegExp(`^Calls this hour: \\d+ of ${used + 1}$`)).waitFor();
}

test('an administrator sets a limit; whoever goes beyond it reads when it opens again', async () => {
  await admin.goto(`${installation.url}/usage`);
  await admin.getByRole('button', { name: 'Change', exact: true }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByLabel('Calls an hour').fill('none');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Write a whole number above 0, or leave it empty.').waitFor();
  // The demo school has asked already in this hour or not, so it is counted from there.
  await dialog.getByLabel('Calls an hour').fill('1,000');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await admin.getByText(/^Calls this hour: \d+ of 1,000/).waitFor();

  await pupil
    .getByRole('link', { name: /Photosynthesis recap/ })
    .first()
    .click();
  const refusal = pupil.getByText(
    /has asked the AI as often as it may in an hour.*Please try again at \d\d:\d\d/,
  );
  const answers = pupil.locator('.msg:not(.mine)').getByText('a rehearsal, not a real AI');
  const hourNow = () => Math.floor(Date.now() / 3_600_000);
  for (;;) {
    const [hour, before] = [hourNow(), await answers.count()];
    await leaveOneCall();
    await say('why are leaves green');
    await answers.nth(before).waitFor();
    await say('and in autumn?');
    await refusal.or(answers.nth(before + 1)).waitFor();
    if (await refusal.isVisible()) return;
    // A new hour has begun meanwhile, and with it nothing was used: once more.
    expect(hourNow()).toBeGreaterThan(hour);
    await admin.reload();
  }
});

test('usage is shown by tool, and taken away as CSV', async () => {
  await admin.reload();
  await admin.getByText(/used up/).waitFor();
  await admin.getByLabel('By', { exact: true }).selectOption('tool');
  await admin.getByRole('rowheader', { name: 'Photosynthesis Coach' }).waitFor();
  const [download] = await Promise.all([
    admin.waitForEvent('download'),
    admin.getByRole('button', { name: 'CSV' }).click(),
  ]);
  const [head, ...rows] = readFileSync(await download.path(), 'utf8')
    .trimEnd()
    .split('\r\n');
  expect(head).toBe('\ufeffTool,Calls,Tokens in,Tokens out,Cost in US dollars');
  expect(rows.some((row) => row.startsWith('Photosynthesis Coach,'))).toBe(true);
});

test('a teacher replays the chat by keyboard, and is not shown the prompt', async () => {
  await teacher.goto(`${installation.url}/chats`);
  await teacher
    .locator('main')
    .getByRole('link', { name: /Theo Lindqvist/ })
    .first()
    .click();
  await teacher.getByRole('link', { name: 'Replay' }).click();
  const range = teacher.getByRole('slider', { name: 'Place in the replay' });
  await range.waitFor();
  const said = teacher.getByRole('region', { name: 'What was said' }).getByRole('listitem');
  expect(await said.count()).toBe(0);
  await range.focus();
  await teacher.keyboard.press('ArrowRight');
  await expect.poll(() => said.count()).toBe(1);
  await teacher.keyboard.press('End');
  await teacher
    .getByRole('region', { name: 'This step' })
    .getByText(/^Failed after/)
    .waitFor();
  await teacher
    .getByRole('button', { name: /^Sent to practice/ })
    .last()
    .click();
  await teacher.getByText('The prompt itself is shown to administrators.').waitFor();
  expect(await seriousFaults(teacher)).toEqual([]);
});

test('an administrator reads it there, section by section', async () => {
  await admin.goto(`${installation.url}/runs`);
  await admin.getByRole('link', { name: 'Replay the chat of Theo Lindqvist' }).first().click();
  await admin
    .getByRole('button', { name: /^Sent to practice/ })
    .last()
    .click();
  await admin.getByText('Core behaviour').click();
  await admin.getByText('You are the tool "Photosynthesis Coach".').waitFor();
});
