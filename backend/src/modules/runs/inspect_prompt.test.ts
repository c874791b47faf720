import { call } from '@orpc/server';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { stored } from '../../db/stored_id';
import { userAppRouter } from '../../routers/user_app.router';
import { buildRuns } from '../../test/build_runs';

let runs: Awaited<ReturnType<typeof buildRuns>>;
beforeAll(async () => {
  runs = await buildRuns({ limits: { contextTokens: 1_200, answerTokens: 200 } });
});
afterAll(() => runs.close());
const settles = { timeout: 20_000, interval: 30 };
const { list, inspectPrompt } = userAppRouter.runs;

async function askOnce(text: string) {
  const chat = await runs.openChat();
  const { runId } = await chat.say(text);
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('completed'), settles);
  return { chat, runId };
}
const asAdmin = async () => {
  const { tenantId, addPerson } = runs.school;
  return { context: runs.built.as(await addPerson('group_admin'), tenantId) };
};

test('an administrator reads what was sent, word for word, and the look is recorded once', async () => {
  const { runId } = await askOnce('what is sent?');
  const admin = await asAdmin();
  const input = { runId, runPromptViewId: newId('promptview') };
  const prompt = await call(inspectPrompt, input, admin);
  await call(inspectPrompt, input, admin);
  const sent = runs.stub.requests.find(({ body }) => body.messages.at(-1)?.content === 'what is sent?');
  expect(prompt.attempts).toMatchObject([{ attempt: 1, model: 'echo', messages: sent?.body.messages }]);
  expect(prompt.attempts[0]?.messages[0]?.content).toContain('=== CORE BEHAVIOUR ===');
  const views = await runs.built.app.systemDb.runPromptViews.where(stored({ runId }));
  expect(views).toHaveLength(1);
});

test('neither the pupil nor the teacher nor an administrator elsewhere finds it, and no look is recorded', async () => {
  const { chat, runId } = await askOnce('mine');
  const { tenantId, addPerson, school } = runs.school;
  const elsewhere = newId('group');
  const { systemDb } = runs.built.app;
  const place = { tenantId, groupId: elsewhere, parentGroupId: school, name: 'Art', path: 'a.b.art' };
  await systemDb.groups.create({ ...place, kind: 'department' });
  const stranger = { context: runs.built.as(await addPerson('group_admin', elsewhere), tenantId) };
  for (const who of [chat, { context: chat.teacher }, stranger]) {
    const look = { runId, runPromptViewId: newId('promptview') };
    await expect(call(inspectPrompt, look, who)).rejects.toThrow();
    expect((await call(list, { limit: 50 }, who)).items).toEqual([]);
  }
  expect(await systemDb.runPromptViews.where(stored({ runId }))).toEqual([]);
});

test('the list goes from the newest to the oldest, page by page, and holds no word of what was written', async () => {
  const asked = [await askOnce('secret one'), await askOnce('secret two'), await askOnce('secret three')];
  const admin = await asAdmin();
  const first = await call(list, { limit: 2 }, admin);
  expect(first.items.map(({ runId }) => runId)).toEqual([asked[2]?.runId, asked[1]?.runId]);
  const second = await call(list, { cursor: first.cursor ?? '' }, admin);
  expect(second.items[0]?.runId).toBe(asked[0]?.runId);
  expect(JSON.stringify([first, second])).not.toContain('secret');
  expect(first.items[0]).toMatchObject({ status: 'completed', provider: 'gateway' });
  const failed = await call(list, { limit: 50, status: 'failed' }, admin);
  expect(failed.items).toEqual([]);
});

test('of a long history the newest part is sent that the model has room for', async () => {
  const chat = await runs.openChat();
  const words = 'a word '.repeat(60);
  for (let at = 0; at < 6; at++) {
    const { runId } = await chat.say(`${at} ${words}`);
    await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('completed'), settles);
  }
  const last = runs.stub.requests.at(-1)?.body;
  expect(last?.max_tokens).toBe(200);
  const contents = last?.messages.map(({ content }) => content) ?? [];
  expect(contents[0]).toContain('CORE BEHAVIOUR');
  expect(contents.at(-1)).toMatch(/^5 /);
  expect(contents.length).toBeLessThan(12);
  expect(contents.length).toBeGreaterThan(3);
  expect(contents.join()).not.toContain('0 a word');
});
