import { AxeBuilder } from '@axe-core/playwright';
import { createClient } from '@raptscallions/client/create_client';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from './browser';
import { freePort, Installation } from './installation';
import { startOpenIdProvider } from './test/openid_provider';

const hollis = { email: 'd.hollis@fenmoor.example', password: 'scallion-demo' };
let installation: Installation;
let provider: Awaited<ReturnType<typeof startOpenIdProvider>>;
let browser: Browser;

beforeAll(async () => {
  const port = await freePort();
  provider = await startOpenIdProvider(`http://localhost:${port}/api/auth/callback/openid`, {
    okafor: { email: 'I.Okafor@alderrow.example', verified: true },
    unverified: { email: 'j.pruitt@alderrow.example', verified: false },
    stranger: { email: 'somebody.else@alderrow.example', verified: true },
    invited: { email: 'nia.obi@alderrow.example', verified: true },
  });
  installation = await Installation.start({ PORT: String(port), ...provider.env });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await installation?.stop();
  provider?.stop();
});

async function newPage(): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({ viewport: { width: 375, height: 800 } });
  context.setDefaultTimeout(15_000);
  return { page: await context.newPage(), context };
}

const toProvider = async (page: Page) => {
  await page.goto(`${installation.url}/sign-in?to=%2Fclasses`);
  await page.getByLabel('Yes, mine').check();
  await page.getByRole('button', { name: 'Sign in with Alder Row ID' }).click();
};

/** Through the provider's own pages, until it sends the browser back. */
async function enterAs(page: Page, login: string): Promise<void> {
  await toProvider(page);
  await page.getByPlaceholder('Enter any login').fill(login);
  await page.getByPlaceholder('and password').fill('anything');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

const sessionOf = async (context: BrowserContext) =>
  (await context.cookies()).find(({ name }) => name === 'rapt_session');
const refusedWith = async (page: Page, words: RegExp) => {
  await page.getByRole('alert').filter({ hasText: words }).waitFor();
  expect(await sessionOf(page.context())).toBeUndefined();
  expect(new URL(page.url()).pathname).toBe('/sign-in');
};

test('somebody the school knows by a verified address comes in through the provider, to the page they wanted', async () => {
  const { page, context } = await newPage();
  await page.goto(`${installation.url}/sign-in`);
  await page.getByRole('button', { name: 'Sign in with Alder Row ID' }).waitFor();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await enterAs(page, 'okafor');
  await page.waitForURL(`${installation.url}/classes`);
  await page.getByRole('button', { name: 'Account: Imelda Okafor' }).waitFor();
  expect(await sessionOf(context)).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
  // The second time the account is known by the provider's own id.
  const again = await newPage();
  await enterAs(again.page, 'okafor');
  await again.page.waitForURL(`${installation.url}/classes`);
});

test('an address the provider has not verified opens nothing, also when somebody has it', async () => {
  const { page } = await newPage();
  await enterAs(page, 'unverified');
  await refusedWith(page, /not confirmed yet/);
});

test('nobody is made by signing in', async () => {
  const { page } = await newPage();
  await enterAs(page, 'stranger');
  await refusedWith(page, /Nobody here has that address/);
});

test('who was invited needs no password; who is suspended is told so and stays outside', async () => {
  const api = await createClient(installation.url, hollis);
  const { items } = await api.classes.list({ limit: 1 });
  const groupId = items[0]?.groupId;
  if (!groupId) throw new Error('no school');
  const person = { name: 'Nia Obi', email: 'nia.obi@alderrow.example', groupId, role: 'teacher' as const };
  const { userId } = await api.auth.invite(person);
  const { page, context } = await newPage();
  await enterAs(page, 'invited');
  await page.waitForURL(`${installation.url}/classes`);
  await api.auth.setStatus({ userId, status: 'suspended' });
  await page.getByText('Your sign-in has ended.').waitFor();
  await context.close();
  const next = await newPage();
  await enterAs(next.page, 'invited');
  await refusedWith(next.page, /may not sign in at the moment/);
});

/** Up to the provider's answer, which the browser is not shown: the test decides who brings it where. */
async function answerFor(page: Page, login: string): Promise<URL> {
  await toProvider(page);
  await page.getByPlaceholder('Enter any login').fill(login);
  await page.getByPlaceholder('and password').fill('anything');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).waitFor();
  const consent = await page.locator('form').getAttribute('action');
  const { request } = page.context();
  const agreed = await request.post(consent ?? '', { form: { prompt: 'consent' }, maxRedirects: 0 });
  const answer = await request.get(agreed.headers().location ?? '', { maxRedirects: 0 });
  return new URL(answer.headers().location ?? '');
}

test('an answer of the provider with another state, or in another browser, or a second time, opens nothing', async () => {
  const { page, context } = await newPage();
  const answer = await answerFor(page, 'okafor');
  expect(answer.origin + answer.pathname).toBe(`${installation.url}/api/auth/callback/openid`);
  const changed = new URL(answer);
  changed.searchParams.set('state', `x${answer.searchParams.get('state')?.slice(1)}`);
  await page.goto(changed.href);
  await refusedWith(page, /another window|did not work/);

  // Somebody lured to an attacker's answer would work in the attacker's account without noticing.
  const victim = await newPage();
  await victim.page.goto(answer.href);
  await refusedWith(victim.page, /another window|did not work/);

  const twice = await newPage();
  const once = await answerFor(twice.page, 'okafor');
  await twice.page.goto(once.href);
  await twice.page.waitForURL(`${installation.url}/classes`);
  await twice.context.clearCookies({ name: 'rapt_session' });
  await twice.page.goto(once.href);
  await refusedWith(twice.page, /another window|did not work/);
  await context.close();
});

test('a token made for another sign-in is refused by its nonce', async () => {
  const { page } = await newPage();
  await page.route(`${provider.url}/auth?*`, async (route) => {
    const changed = new URL(route.request().url());
    expect(changed.searchParams.get('nonce')).toMatch(/^[\w-]{20,}$/);
    changed.searchParams.set('nonce', 'a-nonce-of-somebody-elses-sign-in');
    await route.fulfill({ status: 302, headers: { location: changed.href } });
    await page.unroute(`${provider.url}/auth?*`);
  });
  await enterAs(page, 'okafor');
  await refusedWith(page, /did not work/);
});

test('neither another page to come back to nor a token of the caller’s own is taken', async () => {
  const ask = (body: object) =>
    fetch(`${installation.url}/api/auth/sign-in/social`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: installation.url },
      body: JSON.stringify(body),
    });
  for (const callbackURL of ['https://evil.example/', '//evil.example', '/\\evil.example', undefined]) {
    expect((await ask({ provider: 'openid', callbackURL })).status).toBe(400);
  }
  const body = { provider: 'openid', callbackURL: '/', idToken: { token: 'x.y.z' }, requestSignUp: true };
  const answer = await ask(body);
  expect(await answer.json()).toMatchObject({ url: expect.stringContaining(provider.url) });
  expect(answer.headers.getSetCookie().join()).not.toContain('rapt_session');
});
