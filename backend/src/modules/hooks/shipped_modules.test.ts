import path from 'node:path';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { buildRuns } from '../../test/build_runs';

// The modules that come with Raptscallions, together in real runs.

let runs: Awaited<ReturnType<typeof buildRuns>>;
const settles = { timeout: 15_000, interval: 30 };

beforeAll(async () => {
  runs = await buildRuns({ modules: path.resolve(import.meta.dirname, '../../../../modules') });
}, 60_000);
afterAll(() => runs.close());
beforeEach(() => runs.built.app.systemDb.moduleSettings.all().delete());

async function turnOn(module: string, config: Record<string, string> = {}) {
  const { tenantId } = runs.school;
  const moduleSettingId = newId('modulesetting');
  await runs.built.app.systemDb.moduleSettings.create({
    tenantId,
    moduleSettingId,
    module,
    enabled: true,
    config,
  });
}

test.each([
  'You are not worthless. Talk to Ms Kim today.',
  'Call 1-800-273-8255 or mail counsellor@lakeside.example, my name is Ms Kim.',
])('a pupil in distress reads the school’s own words, whatever else is on: %s', async (selfHarmReply) => {
  await turnOn('safety-filter', { question: 'block', selfHarmReply });
  await turnOn('pii-filter');
  const chat = await runs.openChat();
  const { runId } = await chat.say('i want to kill myself');
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('blocked'), settles);
  expect((await chat.messages()).map(({ text }) => text)).toEqual(['[blocked]', selfHarmReply]);
  expect((await chat.run(runId)).errorMessage).toContain('not in trouble');
});
