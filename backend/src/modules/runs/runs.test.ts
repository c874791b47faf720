import { call } from '@orpc/server';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { appRole, systemRole } from '../../db/base_table';
import { stored } from '../../db/stored_id';
import { orchidQuery } from '../../events/orchid_query';
import { createQueue, type Queue } from '../../events/tbus';
import { createAiGateway } from '../../lib/ai_gateway/create_ai_gateway';
import { userAppRouter } from '../../routers/user_app.router';
import { buildApp, buildSchool } from '../../test/build_app';
import { startGatewayStub } from '../../test/gateway_stub/start_gateway_stub';
import { ChunkRelay } from './chunk_relay';
import { ChunkWriter } from './chunk_writer';
import { advanceSessionTask } from './runs.event';
import { onAdvanceSession } from './runs.task';
import { finishRun } from './services/finish_run.service';
import { StopListener } from './stop_listener';

let built: Awaited<ReturnType<typeof buildApp>>;
let school: Awaited<ReturnType<typeof buildSchool>>;
let stub: Awaited<ReturnType<typeof startGatewayStub>>;
let queue: Queue;
let stops: StopListener;
let pool: pg.Pool;
let relay: ChunkRelay;

beforeAll(async () => {
  built = await buildApp();
  school = await buildSchool(built.app.systemDb);
  stub = await startGatewayStub();
  const options = `-c role=${systemRole}`;
  pool = new pg.Pool({ connectionString: built.url, options, max: 2 });
  pool.on('connect', (client) => client.on('error', () => {}));
  stops = new StopListener(built.url, built.app.logger);
  await stops.start();
  relay = new ChunkRelay(built.url, built.app.logger);
  const ai = createAiGateway({
    baseUrl: stub.url,
    apiKey: 'key',
    defaultModel: 'echo',
    requestTimeoutMs: 5_000,
    idleTimeoutMs: 1_000,
    maxRetries: 0,
  });
  queue = createQueue({
    connection: { connectionString: built.url, options },
    queues: { ai: { concurrency: 10 } },
    tasks: [
      onAdvanceSession({
        db: built.app.db,
        ai,
        provider: 'gateway',
        chunks: new ChunkWriter(pool),
        stops,
        logger: built.app.logger,
      }),
    ],
    producerRoles: [appRole],
    logger: built.app.logger,
  });
  await queue.start();
  const { db } = built.app;
  built.app.enqueue = async ({ input }) => {
    await advanceSessionTask.send(orchidQuery(db), input);
    db.$afterCommit(() => queue.wakeSoon(advanceSessionTask.queue));
  };
});
afterAll(async () => {
  await queue.stop({ drainMs: 1_000 });
  await stops.stop();
  await relay.stop();
  await pool.end();
  await stub.close();
  await built.close();
});

async function openChat(model?: string) {
  const [teacher, pupil] = [await school.addPerson('teacher'), await school.addPerson('student')];
  const classId = await school.addClass(teacher, [pupil]);
  const tool = await school.addTool(teacher);
  const { systemDb } = built.app;
  if (model) {
    const yaml = `name: T\ntype: chat\nmodel: ${model}\nbehavior: Ask first.\n`;
    await systemDb.toolSources.where(stored({ toolVersionId: tool.toolVersionId })).update({ yaml });
  }
  const assignmentId = newId('assignment');
  const { tenantId } = school;
  await systemDb.assignments.create({ tenantId, assignmentId, classId, ...tool, title: 'Talk' });
  const chatSessionId = newId('chat');
  const context = built.as(pupil as UserId, tenantId);
  await call(
    userAppRouter.chat.start,
    { chatSessionId, assignmentId, toolVersionId: tool.toolVersionId },
    { context },
  );
  const say = async (text: string) => {
    const ids = { messageId: newId('message'), runId: newId('run'), answerMessageId: newId('message') };
    await call(userAppRouter.chat.send, { chatSessionId, text, ...ids }, { context });
    return ids;
  };
  const messages = () =>
    systemDb.messages
      .where(stored({ tenantId, chatSessionId }))
      .order({ seq: 'ASC' })
      .select('seq', 'role', 'text', 'outcome', 'shownToStaff');
  const run = (runId: ReturnType<typeof newId<'run'>>) => systemDb.runs.findBy(stored({ tenantId, runId }));
  return { context, chatSessionId, say, messages, run };
}
const settles = { timeout: 15_000, interval: 30 };

test('a question is answered once, in its place, and shown to teachers', async () => {
  const chat = await openChat();
  const { runId } = await chat.say('why are leaves green');
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('completed'), settles);
  const messages = await chat.messages();
  expect(messages.map(({ seq, role, shownToStaff }) => [seq, role, shownToStaff])).toEqual([
    [1, 'user', true],
    [2, 'assistant', true],
  ]);
  expect(messages[1]?.text).toContain('why are leaves green');
});

test('three questions that come at once are answered one after the other in their places', async () => {
  const chat = await openChat();
  const before = stub.requests.length;
  const asked = [await chat.say('one'), await chat.say('two'), await chat.say('three')];
  for (const { runId } of asked) {
    await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('completed'), settles);
  }
  expect((await chat.messages()).map(({ seq, role }) => `${seq} ${role}`)).toEqual([
    '1 user',
    '2 assistant',
    '3 user',
    '4 assistant',
    '5 user',
    '6 assistant',
  ]);
  expect(stub.requests.length - before).toBe(3);
});

test.each([
  ['stub-429', 'rate_limit', ''],
  ['stub-401', 'authentication', ''],
  ['stub-404', 'model_not_available', ''],
  ['stub-html', 'invalid_response', ''],
  ['stub-context', 'context_too_long', ''],
])(
  'a gateway that fails as %s fails the run with a sentence, and the question stays',
  async (model, code, text) => {
    const chat = await openChat(model);
    const { runId } = await chat.say('hello');
    await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('failed'), settles);
    const run = await chat.run(runId);
    expect(run.errorCode).toBe(code);
    expect(run.errorMessage).toMatch(/^[A-Z].*\.$/);
    expect((await chat.messages()).map((message) => message.text)).toEqual([
      'hello',
      ...(text ? [text] : []),
    ]);
  },
);

test('a part that came before a failure is kept and marked, and trying again replaces it', async () => {
  const chat = await openChat('stub-cut');
  const { runId } = await chat.say('hello');
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('failed'), settles);
  const [, part] = await chat.messages();
  expect(part).toMatchObject({ seq: 2, outcome: 'interrupted' });
  expect(part?.text).not.toBe('');
  await call(userAppRouter.chat.retry, { runId }, { context: chat.context });
  await vi.waitFor(async () => expect((await chat.run(runId)).attempt).toBe(2), settles);
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('failed'), settles);
  expect(await chat.messages()).toHaveLength(2);
});

test('stop ends the call to the gateway and keeps what came', async () => {
  const chat = await openChat('stub-stall');
  const { runId } = await chat.say('hello');
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('processing'), settles);
  const request = stub.requests.at(-1);
  await call(userAppRouter.chat.stop, { runId }, { context: chat.context });
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toMatch(/cancelled|failed/), settles);
  expect(await request?.ended).not.toBe('finished');
});

test('whoever watches late reads the whole text, and each piece once', async () => {
  const chat = await openChat();
  const { runId } = await chat.say('a question with several words in it');
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('completed'), settles);
  const read: string[] = [];
  const { tenantId, runId: runUuid } = stored({ tenantId: school.tenantId, runId });
  relay.watch(read, tenantId, runUuid, (frame) => read.push(frame.text));
  const answer = (await chat.messages())[1]?.text;
  await vi.waitFor(() => expect(read.join('')).toBe(answer), settles);
});

test('the result of an attempt that was taken over changes nothing', async () => {
  const chat = await openChat();
  const { runId } = await chat.say('hello');
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('completed'), settles);
  const before = await chat.messages();
  const { tenantId } = school;
  const stale = {
    tenantId,
    runId,
    chatSessionId: chat.chatSessionId,
    attempt: 0,
    messages: [],
    model: undefined,
  };
  const late = {
    status: 'completed',
    text: 'late',
    outcome: 'complete',
    meta: {},
    errorCode: null,
    errorMessage: null,
    firstTextAt: null,
  } as const;
  expect(await finishRun(built.app.db, stale, late)).toBe(false);
  expect(await chat.messages()).toEqual(before);
});
