import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, people, signIn } from './browser';
import { Installation } from './installation';
import { seriousFaults } from './serious_faults';

let installation: Installation;
let browser: Browser;

beforeAll(async () => {
  installation = await Installation.start();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await installation?.stop();
});

const pagesOf = {
  [people.teacher]: ['/', '/classes', '/tools', '/tools/new', '/chats', '/results', '/device', '/help'],
  [people.pupil]: ['/', '/classes', '/device'],
  [people.admin]: [
    '/',
    '/classes',
    '/tools',
    '/runs',
    '/rosters',
    '/notifications',
    '/people',
    '/groups',
    '/audit',
    '/sign-in-links',
    '/sign-ins',
    '/usage',
    '/device',
  ],
};

for (const [person, paths] of Object.entries(pagesOf)) {
  for (const [colorScheme, width] of [
    ['light', 1280],
    ['dark', 375],
  ] as const) {
    test(`${person}: no page has a serious fault of accessibility, or is wider than ${width} px (${colorScheme})`, async () => {
      const { page, context } = await signIn(browser, installation.url, person, {
        colorScheme,
        viewport: { width, height: 800 },
      });
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(`${page.url()}: ${error.message}`));
      for (const path of paths) {
        await page.goto(`${installation.url}${path}`);
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        await expect.poll(() => page.locator('[aria-busy="true"]').count(), { timeout: 15_000 }).toBe(0);
        problems.push(...(await seriousFaults(page)).map((fault) => `${path} ${fault}`));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (wide > 0) problems.push(`${path} is ${wide} px too wide`);
      }
      expect(problems).toEqual([]);
      await context.close();
    });
  }
}

test('the chat, a tool and a transcript have no serious fault either, at phone width', async () => {
  const viewport = { width: 375, height: 800 };
  const views: [string, string, RegExp][] = [
    [people.pupil, '/', /Photosynthesis recap/],
    [people.teacher, '/tools', /Photosynthesis Coach/],
    [people.teacher, '/chats', /Theo Lindqvist/],
  ];
  const problems: string[] = [];
  for (const [person, path, link] of views) {
    const { page, context } = await signIn(browser, installation.url, person, { viewport });
    await page.goto(`${installation.url}${path}`);
    await page.locator('main').getByRole('link', { name: link }).first().click();
    await page.waitForURL((url) => url.pathname !== path);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await expect.poll(() => page.locator('[aria-busy="true"]').count(), { timeout: 15_000 }).toBe(0);
    problems.push(...(await seriousFaults(page)).map((fault) => `${page.url()} ${fault}`));
    await context.close();
  }
  expect(problems).toEqual([]);
});

test('on a phone a pupil opens work, a chat and a class wherever they touch its row, and a keyboard shows which row it is at', async () => {
  const { page, context } = await signIn(browser, installation.url, people.pupil, {
    viewport: { width: 375, height: 800 },
    hasTouch: true,
    isMobile: true,
  });
  const opened: string[] = [];
  for (const [from, place] of [
    ['/', page.getByRole('region', { name: 'To do' })],
    ['/', page.getByRole('region', { name: 'Recent chats' })],
    ['/classes', page.locator('main')],
  ] as const) {
    await page.goto(`${installation.url}${from}`);
    const row = place
      .getByRole('listitem')
      .filter({ has: page.getByRole('link') })
      .first();
    const box = await row.evaluate((element) => {
      element.scrollIntoView({ block: 'center' });
      return element.getBoundingClientRect().toJSON();
    });
    // Its far corner, where neither its words nor its button are.
    await page.touchscreen.tap(box.right - 6, box.top + 6);
    await page.waitForURL((url) => url.pathname !== from);
    opened.push(new URL(page.url()).pathname.split('/')[1] ?? '');
  }
  expect(opened).toEqual(['assignments', 'assignments', 'classes']);

  await page.goto(installation.url);
  const title = page.getByRole('region', { name: 'To do' }).getByRole('link').first();
  await title.waitFor();
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await expect
    .poll(async () => {
      await page.keyboard.press('Tab');
      return title.evaluate((link) => document.activeElement === link);
    })
    .toBe(true);
  const ring = await title.evaluate((link) => {
    const { outlineStyle, outlineWidth, width } = getComputedStyle(link, '::after');
    return {
      outlineStyle,
      outlineWidth,
      width: Number.parseFloat(width),
      row: link.closest('li')?.clientWidth,
    };
  });
  expect(ring).toMatchObject({ outlineStyle: 'solid', outlineWidth: '2px', width: ring.row });
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname.startsWith('/assignments/'));
  await context.close();
});

test('a page asks nothing of any other host, and the policy forbids it to', async () => {
  const { page, context } = await signIn(browser, installation.url, people.teacher);
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(installation.url) && !request.url().startsWith('data:'))
      foreign.push(request.url());
  });
  const response = await page.goto(installation.url);
  expect(response?.headers()['content-security-policy']).toContain("script-src 'self'");
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  expect(foreign).toEqual([]);
  await context.close();
});
