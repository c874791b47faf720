import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, people, shellStored, signIn, upToDate } from './browser';
import { giveForm } from './give_form';
import { Installation } from './installation';
import { seriousFaults } from './serious_faults';

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

const title = 'Quiz for the museum';

test('a teacher makes a form from an example, publishes it and gives it to a class', async () => {
  await giveForm(teacher, installation.url, title);
});

test('the pupil is told at each field what is missing, by keyboard alone', async () => {
  await pupil
    .getByRole('link', { name: new RegExp(title) })
    .first()
    .click();
  await pupil.getByRole('heading', { level: 1, name: title }).waitFor();
  const topic = pupil.getByLabel('Topic');
  await topic.waitFor();
  expect(await pupil.getByLabel('How many questions').inputValue()).toBe('5');
  await pupil.getByRole('button', { name: 'Send' }).focus();
  await pupil.keyboard.press('Enter');
  await pupil.getByRole('alert').getByText('2 fields need another look.').waitFor();
  await expect.poll(() => topic.evaluate((field) => document.activeElement === field)).toBe(true);
  expect(await topic.getAttribute('aria-invalid')).toBe('true');
  await pupil.keyboard.type('Fossils');
  await pupil.getByRole('alert').getByText('1 field needs another look.').waitFor();
  await pupil.getByRole('radio', { name: 'easy' }).focus();
  await pupil.keyboard.press('ArrowRight');
  expect(await pupil.getByRole('radio', { name: 'medium' }).isChecked()).toBe(true);
  await pupil.getByLabel('How many questions').fill('many');
  await pupil.getByText('This must be a whole number.').waitFor();
  await pupil.getByLabel('How many questions').fill('3');
  await pupil.getByRole('button', { name: 'Add one' }).focus();
  await pupil.keyboard.press('Enter');
  await pupil.getByLabel('Words 1', { exact: true }).waitFor();
  await expect
    .poll(() =>
      pupil.getByLabel('Words 1', { exact: true }).evaluate((field) => document.activeElement === field),
    )
    .toBe(true);
  await pupil.keyboard.type('ammonite');
  expect(await seriousFaults(pupil)).toEqual([]);
});

/** In the page: every draft of this person's database, as text. */
async function readDrafts(): Promise<string> {
  const names = (await indexedDB.databases()).flatMap(({ name }) =>
    name?.startsWith('rapt-') ? [name] : [],
  );
  const texts = await Promise.all(
    names.map(
      (name) =>
        new Promise<string>((resolve, reject) => {
          const opening = indexedDB.open(name);
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const db = opening.result;
            if (!db.objectStoreNames.contains('drafts')) {
              db.close();
              resolve('');
              return;
            }
            const reading = db.transaction('drafts').objectStore('drafts').getAll();
            reading.onsuccess = () => {
              db.close();
              resolve(JSON.stringify(reading.result));
            };
            reading.onerror = () => reject(reading.error);
          };
        }),
    ),
  );
  return texts.join();
}

test('what is half filled in survives a reload', async () => {
  // Typing rests a moment before it is kept.
  await expect.poll(() => pupil.evaluate(readDrafts)).toContain('ammonite');
  await pupil.reload();
  await expect.poll(() => pupil.getByLabel('Topic').inputValue()).toBe('Fossils');
  await expect.poll(() => pupil.getByLabel('Words 1', { exact: true }).inputValue()).toBe('ammonite');
});

test('sent without a network it waits on the device, also after a reload, and is made once there is one', async () => {
  await shellStored(pupil);
  await pupilContext.setOffline(true);
  await pupil.getByText('You are offline: it is kept here and sent by itself later.').waitFor();
  await pupil.getByRole('button', { name: 'Send' }).click();
  await pupil.getByText('Waits on this device').waitFor();
  await pupil.getByText(/sent by itself as soon as there is a network/).waitFor();
  await pupil.reload();
  await pupil.getByText('Waits on this device').waitFor();
  await pupil.getByText('ammonite').waitFor();
  await pupilContext.setOffline(false);
  await pupil.getByText('Ready', { exact: true }).waitFor({ timeout: 60_000 });
  await pupil.getByText('Practice model: a rehearsal, not a real AI.').first().waitFor();
  await upToDate(pupil);
  expect(await seriousFaults(pupil)).toEqual([]);
});

test('the result is saved as CSV and as JSON', async () => {
  const save = async (item: string) => {
    await pupil.getByRole('button', { name: 'Save or print' }).click();
    const [download] = await Promise.all([
      pupil.waitForEvent('download'),
      pupil.getByRole('menuitem', { name: item }).click(),
    ]);
    return readFileSync(await download.path(), 'utf8');
  };
  const csv = await save('Save as CSV');
  expect(csv.split('\r\n')[0]).toBe('\ufeffquestion,answer');
  const json: { input: object; output: { questions: object[] } } = JSON.parse(await save('Save as JSON'));
  expect(json.input).toEqual({ topic: 'Fossils', level: 'medium', count: 3, words: ['ammonite'] });
  expect(json.output.questions.length).toBeGreaterThan(0);
});

test('it can be made again from the same, or changed and sent again; all of it stays in the history', async () => {
  const shown = new Set([pupil.url()]);
  const another = async () => {
    await pupil.waitForURL((url) => url.pathname.startsWith('/results/') && !shown.has(url.href));
    shown.add(pupil.url());
    await pupil.getByText('Ready', { exact: true }).waitFor({ timeout: 30_000 });
  };
  await pupil.getByRole('button', { name: 'More' }).click();
  await pupil.getByRole('menuitem', { name: 'Make another from the same' }).click();
  await another();
  await pupil.getByRole('button', { name: 'Change and send again' }).click();
  const topic = pupil.getByLabel('Topic');
  await expect.poll(() => topic.inputValue()).toBe('Fossils');
  await topic.fill('Meteorites');
  await pupil.getByRole('button', { name: 'Send' }).click();
  await another();
  await pupil.getByRole('link', { name: 'The form' }).click();
  const history = pupil.getByRole('region', { name: 'Your results' });
  await expect.poll(() => history.getByRole('listitem').count()).toBe(3);
  expect(await history.getByRole('link', { name: 'Fossils' }).count()).toBe(2);
});

test('the teacher of the class finds it, and the look is recorded', async () => {
  await teacher.goto(`${installation.url}/results`);
  await teacher.getByRole('row').filter({ hasText: 'Meteorites' }).getByRole('link').first().click();
  await teacher.getByRole('heading', { level: 1, name: people.pupil }).waitFor();
  await teacher.getByText('Ready', { exact: true }).waitFor();
  expect(await teacher.getByRole('button', { name: 'Change and send again' }).count()).toBe(0);
  await upToDate(teacher);
});
