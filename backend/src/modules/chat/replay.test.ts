import { call } from '@orpc/server';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { stored } from '../../db/stored_id';
import { userAppRouter } from '../../routers/user_app.router';
import { buildRuns } from '../../test/build_runs';
import { makeModuleFolder, writeModule } from '../hooks/test/write_module';

const { folder, remove } = makeModuleFolder();
let runs: Awaited<ReturnType<typeof buildRuns>>;
const settles = { timeout: 15_000, interval: 30 };
beforeAll(async () => {
  writeModule(
    folder,
    'politeness',
    `'chat:before_ai': ({ text }) => text.includes('rude') ? { kind: 'block', reason: 'Be kind.' }
       : { kind: 'continue', modifications: { text: text.replaceAll('dang', '****') } }`,
  );
  runs = await buildRuns({ modules: folder });
  await runs.setModule('politeness');
});
afterAll(async () => {
  await runs.close();
  remove();
});

async function talk() {
  const chat = await runs.openChat('echo');
  const asked = [await chat.say('dang leaves'), await chat.say('you rude thing')];
  for (const { runId } of asked) {
    await vi.waitFor(
      async () => expect((await chat.run(runId)).status).toMatch(/completed|blocked/),
      settles,
    );
  }
  return chat;
}
const look = (chatSessionId: `chat-${string}`) => ({ transcriptViewId: newId('view'), chatSessionId });

test('a teacher sees what happened in its order: version, verdicts, model and timings, but no prompt', async () => {
  const chat = await talk();
  const input = look(chat.chatSessionId);
  const replay = await call(userAppRouter.chat.replay, input, { context: chat.teacher });
  expect(replay).toMatchObject({ version: '1.0.0', assignment: 'Talk', status: 'active' });
  const asked = replay.steps[1];
  const runId = asked && 'runId' in asked ? asked.runId : null;
  const first = replay.steps.filter((step) => !('runId' in step) || step.runId === runId);
  expect(first.map(({ kind }) => kind)).toEqual([
    'began',
    'question',
    'started',
    'verdict',
    'prompt',
    'first_word',
    'answer',
  ]);
  expect(first[1]).toMatchObject({ text: '**** leaves' });
  expect(first[3]).toMatchObject({ module: 'politeness', outcome: 'changed', calls: 1 });
  expect(first[4]).toMatchObject({ model: 'echo', sections: null });
  expect(first[6]).toMatchObject({ status: 'completed', model: 'echo', outcome: 'complete' });
  const blocked = replay.steps.filter((step) => step.kind === 'verdict').at(-1);
  expect(blocked).toMatchObject({ outcome: 'blocked', reason: 'Be kind.' });
  const times = replay.steps.map((step) => step.at);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  // What was held back stands nowhere.
  expect(JSON.stringify(replay)).not.toContain('you rude thing');
  const views = () =>
    runs.built.app.systemDb.transcriptViews.where(stored({ chatSessionId: chat.chatSessionId })).count();
  expect(await views()).toBe(1);
  await call(userAppRouter.chat.replay, input, { context: chat.teacher });
  expect(await views()).toBe(1);
});

test('an administrator sees the prompt in its sections besides', async () => {
  const chat = await talk();
  const { addPerson, tenantId } = runs.school;
  const context = runs.built.as(await addPerson('group_admin'), tenantId);
  const replay = await call(userAppRouter.chat.replay, look(chat.chatSessionId), { context });
  const prompt = replay.steps.find((step) => step.kind === 'prompt');
  expect(prompt?.kind === 'prompt' && prompt.sections?.map(({ heading }) => heading)).toEqual([
    'CORE BEHAVIOUR',
  ]);
});

test('a version that has been published since changes nothing of what was', async () => {
  const chat = await talk();
  const { systemDb } = runs.built.app;
  const { tenantId } = runs.school;
  const { toolVersionId, toolId } = await chat.session();
  await systemDb.tools.where(stored({ tenantId, toolId })).update({ name: 'Renamed since' });
  await systemDb.toolVersions.where(stored({ tenantId, toolVersionId })).update({ deletedAt: Date.now() });
  const replay = await call(userAppRouter.chat.replay, look(chat.chatSessionId), { context: chat.teacher });
  expect(replay.tool).not.toBe('Renamed since');
});

test('a question that no module has passed yet is in nobody else’s replay', async () => {
  const chat = await runs.openChat('stub-hang');
  const { messageId } = await chat.say('not yet read');
  const { systemDb } = runs.built.app;
  const key = stored({ tenantId: runs.school.tenantId, messageId });
  // Once the worker has shown it nothing changes it any more, so it can be put back to what it was before.
  await vi.waitFor(
    async () => expect((await systemDb.messages.findBy(key)).shownToStaff).toBe(true),
    settles,
  );
  await systemDb.messages.where(key).update({ shownToStaff: false });
  const replay = await call(userAppRouter.chat.replay, look(chat.chatSessionId), { context: chat.teacher });
  expect(JSON.stringify(replay)).not.toContain('not yet read');
});
