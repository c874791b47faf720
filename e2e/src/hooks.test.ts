import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GatewayStub, startGatewayStub } from '../../backend/src/test/gateway_stub/start_gateway_stub';
import { launchBrowser, people, signIn, upToDate } from './browser';
import { Installation } from './installation';

// A module takes a word out of what the AI writes. Everything three browsers receive is kept as it comes, and
// every change of their pages is looked at: once without the module, to see that the net holds, once with it.

const word = 'kumquat';
/** One that no module knows, of which the same must be seen. */
const free = 'pomelo';
const modules = mkdtempSync(path.join(tmpdir(), 'rapt-e2e-modules-'));
let stub: GatewayStub;
let installation: Installation;
let browser: Browser;
let admin: Page;
let pupil: Page;
let phone: Page;
let teacher: Page;
let chatPath: string;

/** Runs in each page before anything of ours: what comes in, and what is ever shown. */
const keepWhatComes = `
  window.received = [];
  window.shown = new Set();
  const fetchIt = window.fetch;
  window.fetch = async (...args) => {
    const answer = await fetchIt(...args);
    const copy = answer.clone();
    (async () => {
      const reader = copy.body?.getReader();
      const decoder = new TextDecoder();
      for (;;) {
        const part = await reader?.read();
        if (!part || part.done) return;
        window.received.push(decoder.decode(part.value, { stream: true }));
      }
    })().catch(() => {});
    return answer;
  };
  new MutationObserver(() => {
    const text = document.body?.textContent ?? '';
    for (const word of ['${word}', '${free}', 'small fruit']) if (text.includes(word)) window.shown.add(word);
  }).observe(document, { subtree: true, childList: true, characterData: true });
`;
type Kept = { received: string[]; shown: Set<string> };
const forget = (page: Page) =>
  page.evaluate(() => {
    const kept = window as Window & Partial<Kept>;
    kept.received = [];
    kept.shown?.clear();
  });
/** Frames cut a word anywhere: letters of one line of text, whatever stands between them. */
const readKept = (page: Page) =>
  page.evaluate(() => {
    const kept = window as Window & Partial<Kept>;
    return { received: kept.received?.join('') ?? '', shown: [...(kept.shown ?? [])] };
  });
/** Text of an answer comes in pieces, each in a frame: put together as the page does. */
function textOf(received: string): string {
  return (
    [...received.matchAll(/"text":"((?:[^"\\\\]|\\\\.)*)"/g)].map(([, text]) => text).join('') + received
  );
}

beforeAll(async () => {
  const place = path.join(modules, 'word-filter');
  mkdirSync(place);
  writeFileSync(
    path.join(place, 'module.yaml'),
    'name: word-filter\ndisplayName: Word filter\nversion: 1.0.0\ndescription: Takes a word out.\nhooks: [chat:after_ai]\non_error: block\n',
  );
  writeFileSync(
    path.join(place, 'index.ts'),
    `import { defineModule } from '@raptscallions/module-sdk/define_module';
     export default defineModule({
       'chat:after_ai': ({ text }) => ({ kind: 'continue', modifications: { text: text.replace(/${word}/gi, '•••') } }),
     });`,
  );
  stub = await startGatewayStub({ pace: 30 });
  installation = await Installation.start({
    AI_GATEWAY_URL: stub.url,
    AI_API_KEY: 'key',
    AI_DEFAULT_MODEL: 'stub',
    RAPT_MODULES_DIR: modules,
  });
  browser = await launchBrowser();
  ({ page: admin } = await signIn(browser, installation.url, people.admin));
  const open = async (name: string, options = {}) => {
    const { page, context } = await signIn(browser, installation.url, name, options);
    await context.addInitScript(keepWhatComes);
    return page;
  };
  pupil = await open(people.pupil);
  phone = await open(people.pupil, { viewport: { width: 390, height: 800 } });
  teacher = await open(people.teacher);
  const task = pupil.locator('a[href^="/assignments/"]').first();
  chatPath = (await task.getAttribute('href')) ?? '';
});
afterAll(async () => {
  await browser?.close();
  await installation?.stop();
  await stub?.close();
  rmSync(modules, { recursive: true, force: true });
});

/** All three where nothing was written yet. */
async function beginChat(): Promise<void> {
  await pupil.goto(installation.url + chatPath);
  await pupil.getByRole('button', { name: 'More' }).click();
  const again = pupil.getByRole('menuitem', { name: 'Start again' });
  if (await again.count()) await again.click();
  else await pupil.keyboard.press('Escape');
  await expect.poll(() => pupil.locator('.msg.mine').count(), { timeout: 15_000 }).toBe(0);
  await upToDate(pupil);
  await phone.goto(installation.url + chatPath);
  await expect.poll(() => phone.locator('.msg.mine').count(), { timeout: 15_000 }).toBe(0);
  await teacher.goto(`${installation.url}/chats`);
}

const screens = () => [pupil, phone, teacher];
const quiet = (page: Page) =>
  expect.poll(() => page.locator('.msg[aria-busy="true"]').count(), { timeout: 30_000 }).toBe(0);

/** The pupil asks, three screens watch the answer come; what each received and showed meanwhile. */
async function watchAnswer(
  question: string,
  fruit: string,
): Promise<{ received: string; shown: string[] }[]> {
  await beginChat();
  for (const page of screens()) await forget(page);
  const rest = Array.from({ length: 60 }, (_, at) => `Sentence ${at} is about the ${fruit} again.`).join(' ');
  stub.script({ kind: 'ok', text: `A small fruit. The ${fruit} is orange. ${rest} Eat it whole.`, pace: 15 });
  await pupil.getByLabel('Message', { exact: true }).fill(question);
  await pupil.getByLabel('Message', { exact: true }).press('Enter');
  for (const page of [pupil, phone])
    await page.locator('.msg:not(.mine)').last().getByText('Sentence 3 is').waitFor();
  const row = new RegExp(`${people.pupil}.*Being answered`);
  await teacher.getByRole('link', { name: row }).first().click();
  await teacher.locator('article.msg').last().getByText('Sentence 3 is').waitFor();
  for (const page of screens()) {
    await quiet(page);
    await page.getByText('Eat it whole.').last().waitFor();
  }
  return await Promise.all(screens().map(readKept));
}

test('without a module a word reaches every screen, so the net would show it', async () => {
  for (const { received, shown } of await watchAnswer('What is a citrus?', free)) {
    expect(shown.sort()).toEqual([free, 'small fruit']);
    expect(textOf(received)).toContain(free);
  }
});

test('an administrator tries a module on a sample and switches it on for everybody', async () => {
  await admin.goto(`${installation.url}/modules`);
  await admin.getByLabel('Place').selectOption({ label: 'Everywhere' });
  const card = admin.getByRole('region', { name: /Word filter/ });
  await card.getByText('Off here', { exact: true }).waitFor();
  await card.getByText('Try it').click();
  await card.getByLabel('Sample text').fill(`Buy one ${word}.`);
  await card.getByRole('button', { name: 'Try', exact: true }).click();
  await card.getByText('Buy one •••.').waitFor();
  await card.getByLabel('On', { exact: true }).check();
  await card.getByRole('button', { name: 'Save' }).click();
  await card.getByText('On here', { exact: true }).waitFor();
});

test('with it the word is on no screen at any moment, and in nothing that any of them receives', async () => {
  for (const { received, shown } of await watchAnswer('And what else?', word)) {
    // (The list of chats still shows the one before.)
    expect(shown).toContain('small fruit');
    expect(shown).not.toContain(word);
    expect(received.length).toBeGreaterThan(1_000);
    expect(textOf(received)).not.toContain(word);
    expect(received).toContain('•••');
  }
});

test('the log says what the module did', async () => {
  await admin.getByRole('button', { name: 'Newest' }).click();
  const row = admin.getByRole('row', { name: /word-filter.*Changed/ }).first();
  await row.waitFor();
  expect(await row.innerText()).toContain(people.pupil);
});
