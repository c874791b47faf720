import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  credentials,
  type SchoolSystemMock,
  startSchoolSystem,
} from '../../backend/src/modules/rosters/test/start_school_system';
import { writeZip } from '../../backend/src/modules/rosters/test/write_zip';
import { launchBrowser, people, signIn, upToDate } from './browser';
import { Installation } from './installation';

let installation: Installation;
let browser: Browser;
let folder: string;
let system: SchoolSystemMock;

beforeAll(async () => {
  system = await startSchoolSystem(chessFeed());
  // It lies on the school's own network, where nothing is asked unless the installation allows it.
  installation = await Installation.start({ ALLOWED_PRIVATE_HOSTS: new URL(system.url).host });
  browser = await launchBrowser();
  folder = mkdtempSync(path.join(tmpdir(), 'rapt-e2e-roster-'));
});
afterAll(async () => {
  await browser?.close();
  await installation?.stop();
  await system?.close();
  rmSync(folder, { recursive: true, force: true });
});

const lines = (...rows: string[]) => rows.map((row) => `${row}\r\n`).join('');
const pupils = Array.from({ length: 12 }, (_, at) => `new${at}`);

/** The school system's view: a club for Theo, who has an account already, and twelve pupils who have none. */
function feed(members: string[]): Record<string, string> {
  return {
    'orgs.csv': lines('sourcedId,name,type', 'club,Fenmoor Clubs,school'),
    'academicSessions.csv': lines(
      'sourcedId,title,type,startDate,endDate,schoolYear',
      'year,Year,schoolYear,2020-08-01,2090-07-31,2090',
    ),
    'classes.csv': lines(
      'sourcedId,title,classCode,classType,schoolSourcedId,termSourcedIds',
      'robots,Robotics Club,RC,scheduled,club,year',
    ),
    'users.csv': lines(
      'sourcedId,enabledUser,orgSourcedIds,role,username,givenName,familyName,email',
      'theo,true,club,student,theo,Theo,Lindqvist,theo.lindqvist@alderrow.example',
      ...pupils.map((id) => `${id},true,club,student,${id},Given,${id},`),
      'not an id!,true,club,student,x,X,Y,',
    ),
    'enrollments.csv': lines(
      'sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role',
      ...members.map((id) => `e-${id},robots,club,${id},student`),
    ),
  };
}

async function zip(name: string, members: string[]): Promise<string> {
  const zipPath = path.join(folder, name);
  await writeZip(zipPath, feed(members));
  return zipPath;
}

/** From now on, how often a page asks for news, or for another stream of them. */
function newsCallsOf(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname === '/rpc/sync/pull' || pathname === '/rpc/sync/stream') asked.push(pathname);
  });
  return asked;
}

test('an uploaded roster is shown first, and a pupil’s class appears in an open browser when it is applied', async () => {
  const pupil = await signIn(browser, installation.url, people.pupil);
  await pupil.page.goto(`${installation.url}/classes`);
  await pupil.page.getByRole('heading', { level: 1 }).waitFor();
  const club = pupil.page.locator('main').getByRole('link', { name: /Robotics Club/ });
  expect(await club.count()).toBe(0);

  const { page, context } = await signIn(browser, installation.url, people.admin);
  await page.goto(`${installation.url}/rosters`);
  await page.getByRole('button', { name: 'Add a source' }).click();
  await page.getByLabel('Name').fill('PowerSchool');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('heading', { name: 'PowerSchool' }).waitFor();
  await page.getByLabel('Zip file').setInputFiles(await zip('monday.zip', ['theo', ...pupils]));
  await page.getByRole('button', { name: 'Upload and compare' }).click();

  await page.getByRole('heading', { name: 'monday.zip' }).waitFor();
  await page.getByRole('heading', { name: 'What would change' }).waitFor();
  await page.getByRole('button', { name: /13 Enrolments added/ }).click();
  await page.getByRole('dialog').getByText('e-new0', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('cell', { name: /sourcedId has characters/ }).waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'All 1 as CSV' }).click();
  expect((await download).suggestedFilename()).toBe('roster_problems.csv');
  expect(await club.count()).toBe(0);

  await upToDate(pupil.page);
  const asked = newsCallsOf(pupil.page);
  await page.getByText('Apply everything', { exact: true }).click();
  await page.getByRole('button', { name: /^Apply \d+ differences/ }).click();
  await page.getByRole('button', { name: 'Take it back' }).waitFor();
  await club.waitFor();
  // It came over the stream that was open, which looks every 25 ms, and not because the page asked for it after a while.
  expect(asked).toEqual([]);

  // The next feed has lost nearly everybody: it waits, and to end them their number has to be typed.
  await page.getByRole('link', { name: 'Source' }).click();
  await page.getByLabel('Zip file').setInputFiles(await zip('tuesday.zip', ['new1']));
  await page.getByRole('button', { name: 'Upload and compare' }).click();
  await page.getByRole('heading', { name: 'Held: nothing has been applied' }).waitFor();
  await page.getByText('12 of 13 enrolments would end, which is more than 10 %.').waitFor();
  await page.setViewportSize({ width: 375, height: 812 });
  // Tables scroll in themselves; the page is as wide as the phone.
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByText('Apply everything, endings too').click();
  await page.getByText('Type 12 to confirm.').waitFor();
  await page.getByLabel('How many records will end?').fill('12');
  await page.getByRole('button', { name: /^Apply \d+ differences/ }).click();
  await page.getByRole('button', { name: 'Take it back' }).waitFor();
  await club.waitFor({ state: 'detached' });

  // And back: the class returns to the open browser.
  await page.getByRole('button', { name: 'Take it back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
  await club.waitFor();
  await context.close();
  await pupil.context.close();
});

test('a file that was exported again under its name is sent as it is now, and not as it was when it was chosen', async () => {
  const { page, context } = await signIn(browser, installation.url, people.admin);
  await page.goto(`${installation.url}/rosters`);
  await page.getByRole('button', { name: 'Add a source' }).click();
  await page.getByLabel('Name').fill('Skyward');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('heading', { name: 'Skyward' }).waitFor();
  const box = page.getByLabel('Zip file');
  const send = page.getByRole('button', { name: 'Upload and compare' });
  await box.setInputFiles(await zip('export.zip', pupils.slice(0, 2)));
  await zip('export.zip', pupils.slice(0, 5));
  await send.click();
  await page.getByRole('alert').filter({ hasText: 'has changed, or gone, since it was chosen' }).waitFor();

  // Opened anew the box is empty, or a browser would see no change in the same name chosen again.
  const chooser = page.waitForEvent('filechooser');
  await box.click();
  const opened = await chooser;
  expect(await box.inputValue()).toBe('');
  await opened.setFiles(path.join(folder, 'export.zip'));
  await send.click();
  await page.getByRole('heading', { name: 'export.zip' }).waitFor();
  await page.getByRole('button', { name: /5 Enrolments added/ }).waitFor();
  await context.close();
});

test('over a slow line the upload shows how far it is, and then every stage', async () => {
  const { page, context } = await signIn(browser, installation.url, people.admin);
  await page.goto(`${installation.url}/rosters`);
  await page.getByRole('button', { name: 'Add a source' }).click();
  await page.getByLabel('Name').fill('Far away');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('heading', { name: 'Far away' }).waitFor();
  const zipPath = path.join(folder, 'large.zip');
  // What nothing can make smaller, so that it is several parts.
  const ballast = randomBytes(600_000).toString('base64');
  await writeZip(zipPath, { ...feed(['new1']), 'resources.csv': `sourcedId\r\n${ballast}\r\n` });
  await page.getByLabel('Zip file').setInputFiles(zipPath);
  const line = await context.newCDPSession(page);
  const slow = { offline: false, latency: 50, downloadThroughput: -1, uploadThroughput: 150_000 };
  await line.send('Network.emulateNetworkConditions', slow);
  const seen: Promise<unknown>[] = [/, [1-9]\d? %/, /100 %|Being read|Compared/].map((text) =>
    page.getByText(text).first().waitFor(),
  );
  await page.getByRole('button', { name: 'Upload and compare' }).click();
  await Promise.all(seen);
  await page.getByRole('heading', { name: 'large.zip' }).waitFor();
  await page.getByRole('heading', { name: 'What would change' }).waitFor();
  await context.close();
});

/** What the school system that is asked tells: a club for Theo, by his address, and three pupils who are new. */
function chessFeed() {
  const members = ['theo', 'ines', 'olu', 'mai'];
  const mailOf = (id: string) => (id === 'theo' ? 'theo.lindqvist@alderrow.example' : '');
  return {
    orgs: [['chess', '', '', 'Fenmoor Games', 'school', '', '']],
    academicSessions: [['year', '', '', 'Year', 'schoolYear', '2020-08-01', '2090-07-31']],
    classes: [['knights', '', '', 'Chess Club', 'CC', 'chess', 'year']],
    users: members.map((id) => [
      ...[id, '', '', 'true', 'chess', 'student', `chess-${id}`],
      ...(id === 'theo' ? ['Theo', 'Lindqvist'] : ['Given', id]),
      mailOf(id),
    ]),
    enrollments: members.map((id) => [`m-${id}`, '', '', 'knights', 'chess', id, 'student', '', '']),
  };
}

test('a school system is connected, tried, asked and applied from the page; a wrong secret is told as what it is', async () => {
  const pupil = await signIn(browser, installation.url, people.pupil);
  await pupil.page.goto(`${installation.url}/classes`);
  await pupil.page.getByRole('heading', { level: 1 }).waitFor();
  const club = pupil.page.locator('main').getByRole('link', { name: /Chess Club/ });
  expect(await club.count()).toBe(0);

  const { page, context } = await signIn(browser, installation.url, people.admin);
  await page.goto(`${installation.url}/rosters`);
  await page.getByRole('button', { name: 'Add a source' }).click();
  await page.getByLabel('Name').fill('Infinite Campus');
  await page.getByLabel('How it comes').selectOption('rest');
  await page.getByRole('textbox', { name: /^Address/ }).fill(system.url);
  await page.getByLabel('Client id or consumer key').fill(credentials.clientId);
  await page.getByLabel('Secret').fill('not this one');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('heading', { name: 'Infinite Campus' }).waitFor();

  const answer = page.getByRole('region', { name: 'School system' }).getByRole('status');
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await answer.filter({ hasText: 'refuses the client id or secret (401)' }).waitFor();
  await page.getByRole('button', { name: 'Ask it now and compare' }).click();
  await page.getByRole('alert').filter({ hasText: 'refuses the client id or secret (401)' }).waitFor();
  await page.getByRole('link', { name: 'Source' }).click();

  await page.getByLabel('Secret').fill(credentials.secret);
  await page.getByRole('button', { name: 'Save the connection' }).click();
  await page.getByText('The connection was saved.').waitFor();
  expect(await page.getByLabel('Secret').inputValue()).toBe('');
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await answer.filter({ hasText: 'answers and lets us read' }).waitFor();

  await page.getByRole('button', { name: 'Ask it now and compare' }).click();
  await page.getByRole('heading', { name: 'What would change' }).waitFor();
  await page.getByRole('button', { name: /4 Enrolments added/ }).click();
  await page.getByRole('dialog').getByText('m-ines', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  expect(await club.count()).toBe(0);
  await page.getByText('Apply everything', { exact: true }).click();
  await page.getByRole('button', { name: /^Apply \d+ differences/ }).click();
  await page.getByRole('button', { name: 'Take it back' }).waitFor();
  await club.waitFor();
  await context.close();
  await pupil.context.close();
});
