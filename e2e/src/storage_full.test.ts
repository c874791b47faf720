import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, people, shellStored, signIn, upToDate } from './browser';
import { Installation } from './installation';

let installation: Installation;
let browser: Browser;
let pupil: Page;
let context: BrowserContext;
let devtools: CDPSession;
beforeAll(async () => {
  installation = await Installation.start();
  browser = await launchBrowser();
  ({ page: pupil, context } = await signIn(browser, installation.url, people.pupil));
  await shellStored(pupil);
  const task = pupil.locator('a[href^="/assignments/"]').first();
  await pupil.goto(installation.url + (await task.getAttribute('href')));
  await message().waitFor();
  devtools = await context.newCDPSession(pupil);
  await pupil.waitForFunction(() => caches.has('rapt-reserve'));
  // Offline, so that what is written has nowhere to go but this device.
  await context.setOffline(true);
  await pupil
    .getByRole('link', { name: /^Offline/ })
    .first()
    .waitFor();
});
afterAll(async () => {
  await browser?.close();
  await installation?.stop();
});

const message = () => pupil.getByLabel('Message', { exact: true });
const mine = (text: string) => pupil.locator('.msg.mine').getByText(text);
const note = () => pupil.getByRole('alert').filter({ hasText: 'kept in a small reserve' });

/** Whether the browser would store a few kilobytes now, found out as the app finds it out. */
function hasRoom(): Promise<boolean> {
  return pupil.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('probe');
      opening.onupgradeneeded = () => opening.result.createObjectStore('store');
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    const transaction = db.transaction('store', 'readwrite');
    transaction.objectStore('store').put('x'.repeat(5_000), 1);
    const stored = await new Promise<boolean>((resolve) => {
      transaction.oncomplete = () => resolve(true);
      transaction.onabort = () => resolve(false);
    });
    db.close();
    return stored;
  });
}

/**
 * Gives the site less space than it uses, or lifts that. Chromium asks for its quota only now and then, so this
 * waits until it has noticed.
 */
async function setFull(full: boolean): Promise<void> {
  const origin = installation.url;
  const used = await pupil.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
  await devtools.send(
    'Storage.overrideQuotaForOrigin',
    full ? { origin, quotaSize: used - 100_000 } : { origin },
  );
  await expect.poll(hasRoom, { timeout: 90_000, interval: 500 }).toBe(!full);
}

test('a message finds room on a full device, and the page says that it is full and what to do', async () => {
  await setFull(true);
  await message().fill('Written on a full device');
  await message().press('Enter');
  await mine('Written on a full device').waitFor();
  await note()
    .getByText(/kept in a small reserve and sent as soon as it can be\. Delete files/)
    .waitFor();
  expect(await pupil.evaluate(() => caches.has('rapt-reserve'))).toBe(false);
  expect(await message().inputValue()).toBe('');
});

test('a message that finds no room even so stays in its box, and nobody is told that it was stored', async () => {
  await setFull(true);
  await message().fill('There is no room for this one');
  await message().press('Enter');
  await pupil.getByText(/^Not sent: this device could not store the message\. It is still here/).waitFor();
  await pupil
    .getByText('Not saved: this device has no room left. What you typed is still in its box.')
    .waitFor();
  expect(await message().inputValue()).toBe('There is no room for this one');
  expect(await mine('There is no room for this one').count()).toBe(0);
  await pupil
    .getByRole('link', { name: /1 waiting/ })
    .first()
    .waitFor();
});

test('with room again the note goes, the message is sent from its box, and each arrives once', async () => {
  await setFull(false);
  // Chromium looks at its quota again every half minute or so; until then there is no room, whoever asks.
  const madeRoom = note().getByRole('button', { name: 'I made room' });
  await expect
    .poll(
      async () => {
        if ((await madeRoom.count()) > 0) await madeRoom.click({ timeout: 2_000 }).catch(() => {});
        return note().count();
      },
      { timeout: 90_000, interval: 2_000 },
    )
    .toBe(0);
  await message().press('Enter');
  await mine('There is no room for this one').waitFor();
  await context.setOffline(false);
  // Opened anew, so that the wait is for the message and not for the pause between two tries.
  await pupil.reload();
  await upToDate(pupil);
  const { page: other, context: elsewhere } = await signIn(browser, installation.url, people.pupil);
  await other.goto(installation.url + new URL(pupil.url()).pathname);
  const arrived = other.locator('.msg.mine');
  await arrived.getByText('There is no room for this one').waitFor();
  expect(await arrived.getByText('There is no room for this one').count()).toBe(1);
  expect(await arrived.getByText('Written on a full device').count()).toBe(1);
  await elsewhere.close();
});
