import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { launchBrowser, people, signIn } from './browser';
import { Installation } from './installation';

/** `yarn workspace @raptscallions/e2e shots`: every page at two widths, light and dark, into screenshots/. */
const folder = path.resolve(import.meta.dirname, '../../screenshots');
mkdirSync(folder, { recursive: true });
const views = {
  [people.teacher]: ['/', '/classes', '/tools', '/tools/new', '/chats', '/device', '/help'],
  [people.pupil]: ['/', '/classes', '/device'],
  [people.admin]: [
    '/',
    '/classes',
    '/tools',
    '/runs',
    '/rosters',
    '/usage',
    '/sign-in-links',
    '/sign-ins',
    '/notifications',
    '/people',
    '/groups',
    '/audit',
  ],
};

const installation = await Installation.start();
const browser = await launchBrowser();
for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [375, 1280]) {
    const viewport = { width, height: width === 375 ? 812 : 900 };
    const save = (name: string) => path.join(folder, `${name}-${width}-${colorScheme}.png`);
    const door = await browser.newPage({ colorScheme, viewport });
    await door.goto(`${installation.url}/sign-in`);
    await door
      .getByRole('button', { name: /^Sign in as/ })
      .first()
      .waitFor();
    await door.screenshot({ path: save('sign-in') });
    await door.close();
    for (const [person, paths] of Object.entries(views)) {
      const { page, context } = await signIn(browser, installation.url, person, { colorScheme, viewport });
      const who = person.split(' ')[0]?.toLowerCase();
      const shoot = async (name: string) => {
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        await page.waitForFunction(() => !document.querySelector('.sk, [aria-busy="true"]'));
        await page.screenshot({ path: save(`${who}-${name}`) });
      };
      for (const at of paths) {
        await page.goto(`${installation.url}${at}`);
        await shoot(at === '/' ? 'home' : at.slice(1).replaceAll('/', '-'));
      }
      const inner: [string, string, RegExp][] =
        person === people.pupil
          ? [['/', 'chat', /Photosynthesis recap/]]
          : [
              ['/classes', 'class', /8B Science/],
              ...(person === people.teacher
                ? ([
                    ['/tools', 'tool', /Photosynthesis Coach/],
                    ['/chats', 'transcript', /Theo Lindqvist/],
                  ] as [string, string, RegExp][])
                : []),
            ];
      for (const [from, name, link] of inner) {
        await page.goto(`${installation.url}${from}`);
        await page.locator('main').getByRole('link', { name: link }).first().click();
        await page.waitForTimeout(600);
        await shoot(name);
      }
      await context.close();
    }
  }
}
await browser.close();
await installation.stop();
