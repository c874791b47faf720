import type { Page } from 'playwright-core';
import { upToDate } from './browser';

/** A teacher starts from the example of a quiz, publishes it and gives it to 8B under this title. */
export async function giveForm(teacher: Page, url: string, title: string): Promise<void> {
  await teacher.goto(`${url}/tools/new`);
  const example = teacher.getByRole('listitem').filter({ hasText: 'Quiz sheet' });
  await example.getByRole('button', { name: /^Start from/ }).click();
  await teacher.getByRole('button', { name: 'Publish' }).click();
  await teacher.getByRole('button', { name: 'Assign', exact: true }).first().click();
  const dialog = teacher.getByRole('dialog');
  await dialog.getByLabel('Class').selectOption({ label: '8B Science' });
  await dialog.getByLabel('Title').fill(title);
  await dialog.getByRole('button', { name: /^Assign/ }).click();
  await dialog.waitFor({ state: 'hidden' });
  await upToDate(teacher);
}
