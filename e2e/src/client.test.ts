import { createClient } from '@raptscallions/client/create_client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Installation } from './installation';

let installation: Installation;
beforeAll(async () => {
  installation = await Installation.start();
});
afterAll(() => installation?.stop());

test('a program signs in and reads what its person may, page by page', async () => {
  const api = await createClient(installation.url, {
    email: 'd.hollis@fenmoor.example',
    password: 'scallion-demo',
  });
  expect(await api.me()).toMatchObject({ __type: 'MePrivate', name: 'Dag Hollis' });
  const first = await api.classes.list({ limit: 4 });
  expect(first.items).toHaveLength(4);
  const second = await api.classes.list({ cursor: first.cursor ?? '' });
  expect(second.items).toHaveLength(2);
});

test('a wrong password is a sentence', async () => {
  const wrong = createClient(installation.url, { email: 'd.hollis@fenmoor.example', password: 'guess' });
  await expect(wrong).rejects.toThrow(/password/i);
});
