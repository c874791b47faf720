import { call } from '@orpc/server';
import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import { appRole, systemRole } from '../db/base_table';
import { createSystemPool } from '../db/create_system_pool';
import { stored } from '../db/stored_id';
import { orchidQuery } from '../events/orchid_query';
import { createQueue, type Queue } from '../events/tbus';
import { type AiGatewayOptions, createAiGateway } from '../lib/ai_gateway/create_ai_gateway';
import { Turnstile } from '../lib/turnstile';
import { onObserveHook } from '../modules/hooks/hooks.task';
import { ModuleSupervisor } from '../modules/hooks/module_supervisor';
import { ChunkRelay } from '../modules/runs/chunk_relay';
import { ChunkWriter } from '../modules/runs/chunk_writer';
import { LeaseKeeper } from '../modules/runs/lease_keeper';
import { RunPicker, type RunShares } from '../modules/runs/run_picker';
import { onPerformRun } from '../modules/runs/runs.task';
import type { PromptLimits } from '../modules/runs/services/assemble_prompt.service';
import type { RequestContext } from '../procedures/context';
import { userAppRouter } from '../routers/user_app.router';
import { buildApp, buildSchool } from './build_app';
import { startGatewayStub } from './gateway_stub/start_gateway_stub';
import { untilServed } from './until_served';

type RunsOptions = {
  shares?: RunShares;
  concurrency?: number;
  /** workers of the same database, each with pool, queue and listeners of its own */
  workers?: number;
  gateway?: Partial<AiGatewayOptions>;
  limits?: PromptLimits;
  /** a folder of modules */
  modules?: string;
};

/** A school with workers that ask a scripted gateway: runs from the question to the stored answer. */
export async function buildRuns(options: RunsOptions = {}) {
  const {
    shares = { perClass: 10, perUser: 10 },
    concurrency = 10,
    workers = 1,
    gateway = {},
    limits = {},
  } = options;
  const built = await buildApp();
  const school = await buildSchool(built.app.systemDb);
  const stub = await startGatewayStub();
  const { tenantId } = school;
  const { app } = built;
  const { systemDb } = app;
  const modules = new ModuleSupervisor({ folder: options.modules ?? '', threads: 2, logger: app.logger });
  if (options.modules) await modules.start();
  const started = await Promise.all(Array.from({ length: workers }, startWorker));
  const [first] = started;
  const relay = new ChunkRelay(built.url, app.logger);
  app.chunks = relay;
  app.modules = modules;
  app.enqueue = async (task, input, options) => {
    await task.send(orchidQuery(app.db), input, options);
    const wake = () => first?.queue.wakeSoon(task.queue);
    if (app.db.$isInTransaction()) app.db.$afterCommit(wake);
    else wake();
  };

  async function startWorker() {
    const sessionOptions = `-c role=${systemRole}`;
    const pool = createSystemPool(built.url, 'test-runs', 6);
    const leases = new LeaseKeeper(built.url, pool, app.logger);
    await leases.start();
    const ai = createAiGateway({
      baseUrl: stub.url,
      apiKey: 'key',
      defaultModel: 'echo',
      requestTimeoutMs: 30_000,
      idleTimeoutMs: 1_000,
      maxRetries: 0,
      ...gateway,
    });
    const queue: Queue = createQueue({
      connection: { connectionString: built.url, options: sessionOptions },
      queues: { ai: { concurrency }, hooks: { concurrency: 2 } },
      tasks: [
        onPerformRun({
          db: app.db,
          ai,
          provider: 'gateway',
          defaultModel: 'echo',
          limits,
          picker: new RunPicker(pool, shares),
          leases,
          chunks: new ChunkWriter(pool, app.logger),
          notePool: pool,
          modules,
          enqueue: (task, input, more) => app.enqueue(task, input, more),
          logger: app.logger,
        }),
        onObserveHook({ db: app.db, modules }),
      ],
      producerRoles: [appRole],
      logger: app.logger,
    });
    await queue.start();
    return {
      queue,
      async stop() {
        await queue.stop({ drainMs: 100 });
        await leases.stop();
        await pool.end();
      },
    };
  }

  /** A class with an assignment; its tool asks for `model`, which is what the stub goes by. */
  async function openClass(pupils: number, model?: string, maxMessages: number | null = null) {
    const teacher = await school.addPerson('teacher');
    // All at once they would wait for the few connections of a test, and be refused by the pool in the end.
    const door = new Turnstile(4);
    const pupilIds = await Promise.all(
      Array.from({ length: pupils }, () => door.pass(() => school.addPerson('student'))),
    );
    const classId = await school.addClass(teacher, pupilIds);
    const tool = await school.addTool(teacher, maxMessages);
    if (model) {
      const yaml = `name: T\ntype: chat\nmodel: ${model}\nbehavior: Ask first.\n`;
      await systemDb.toolSources.where(stored({ toolVersionId: tool.toolVersionId })).update({ yaml });
    }
    const assignmentId = newId('assignment');
    await systemDb.assignments.create({ tenantId, assignmentId, classId, ...tool, title: 'Talk' });
    const { toolVersionId } = tool;
    const start = async (context: RequestContext) => {
      const chatSessionId = newId('chat');
      await call(userAppRouter.chat.start, { chatSessionId, assignmentId, toolVersionId }, { context });
      return describeChat(chatSessionId, context);
    };
    const chats = await Promise.all(
      pupilIds.map((userId) => door.pass(() => start(built.as(userId, tenantId)))),
    );
    const runsOf = async (status: ('pending' | 'processing')[]) =>
      await systemDb.runs.where({ ...stored({ tenantId, classId }), status: { in: status } }).count();
    return {
      chats,
      /** one more chat of somebody who has one */
      start,
      classId,
      teacher: built.as(teacher, tenantId),
      open: () => runsOf(['pending', 'processing']),
      underWay: () => runsOf(['processing']),
    };
  }

  function describeChat(chatSessionId: RichId<'chat'>, context: RequestContext) {
    const say = async (text: string) => {
      const ids = { messageId: newId('message'), runId: newId('run'), answerMessageId: newId('message') };
      await untilServed(() => call(userAppRouter.chat.send, { chatSessionId, text, ...ids }, { context }));
      return ids;
    };
    const messages = async () =>
      await systemDb.messages.where(stored({ tenantId, chatSessionId })).order({ seq: 'ASC' });
    const session = async () => await systemDb.chatSessions.findBy(stored({ tenantId, chatSessionId }));
    const run = async (runId: RichId<'run'>) => await systemDb.runs.findBy(stored({ tenantId, runId }));
    return { context, chatSessionId, say, messages, session, run };
  }

  /** Turns a module on, off, or leaves it as above (`enabled` null), in the whole school or at one place of it. */
  async function setModule(
    module: string,
    more: {
      enabled?: boolean | null;
      locked?: boolean;
      config?: Record<string, unknown>;
      place?: { groupId?: RichId<'group'>; classId?: RichId<'class'>; toolId?: RichId<'tool'> };
    } = {},
  ) {
    const { place = {}, ...setting } = { enabled: true, ...more };
    const moduleSettingId = newId('modulesetting');
    await systemDb.moduleSettings.create({ tenantId, moduleSettingId, module, ...setting, ...place });
  }

  /** A chat of a pupil alone in a class. */
  async function openChat(model?: string, maxMessages?: number) {
    const { chats, teacher, start } = await openClass(1, model, maxMessages);
    const [chat] = chats;
    if (!chat) throw new Error('a class of one has one chat');
    return { ...chat, teacher, another: () => start(chat.context) };
  }

  return {
    built,
    school,
    stub,
    relay,
    modules,
    workers: started,
    /** one more, beside those that are there; whoever starts it stops it */
    startWorker,
    openClass,
    openChat,
    setModule,
    async close() {
      for (const worker of started) await worker.stop();
      await modules.stop();
      await relay.stop();
      await stub.close();
      await built.close();
    },
  };
}
