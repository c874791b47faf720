import type { AddressInfo } from 'node:net';
import { announce } from './announce';
import { type Config, originOf } from './configs/config';
import { runCronJob, startCron } from './cron';
import { listCronJobs } from './cron_jobs';
import { appRole, systemRole } from './db/base_table';
import { createSystemPool } from './db/create_system_pool';
import { connectDb } from './db/db';
import { migrate } from './db/migrate';
import { runSql } from './db/run_sql';
import { seedDemoSchool } from './db/seeds/seed_demo_school';
import { forgetTraces } from './events/forget_traces';
import { orchidQuery } from './events/orchid_query';
import { createQueue } from './events/tbus';
import { workAlone } from './events/work_alone';
import { selectGateway } from './lib/ai_gateway/select_gateway';
import type { Logger } from './lib/logger';
import { createSmtpMailer } from './lib/mailer';
import { createSecretBox } from './lib/secret_box';
import { createNotifier } from './lib/suprsend';
import { createAuth } from './modules/auth/auth';
import { onDeliverLink, onRequestReset } from './modules/auth/auth.task';
import { handleAuth } from './modules/auth/handle_auth';
import { createLinkTokens } from './modules/auth/link_tokens';
import { hashPassword } from './modules/auth/password';
import { createSessionFinder, readSessionEnds, resolveSession } from './modules/auth/resolve_session';
import { readAuthSecret } from './modules/auth/secret';
import { onObserveHook } from './modules/hooks/hooks.task';
import { ModuleRegister } from './modules/hooks/module_register';
import { ModuleSupervisor } from './modules/hooks/module_supervisor';
import { ApiLimits } from './modules/limits/api_limits';
import { limitWaitMs } from './modules/limits/limiter';
import { createMailLimit } from './modules/limits/mail_limit';
import { SignInLimits } from './modules/limits/sign_in_limits';
import { onNotifiedEvents, onSendNotification } from './modules/notifications/notifications.task';
import { onPerformRosterRun } from './modules/rosters/rosters.task';
import { ChunkRelay } from './modules/runs/chunk_relay';
import { ChunkWriter } from './modules/runs/chunk_writer';
import { LeaseKeeper } from './modules/runs/lease_keeper';
import { RunLooks } from './modules/runs/run_looks';
import { RunPicker } from './modules/runs/run_picker';
import { onPerformRun } from './modules/runs/runs.task';
import { listOpenRuns } from './modules/runs/services/list_open_runs.service';
import { lookAtRuns } from './modules/runs/services/look_at_runs.service';
import { makeSealKey } from './modules/sync/make_seal_key';
import { Puller } from './modules/sync/services/pull.service';
import { StreamHub } from './modules/sync/stream_hub';
import { type StreamNotice, streamChannel } from './modules/sync/stream_notice';
import { openStream } from './modules/sync/sync.stream';
import { Tailer } from './modules/sync/tailer';
import { readSignInPage } from './modules/tenants/services/read_sign_in_page.service';
import type { App } from './procedures/context';
import { createHttpServer } from './routers/http_server';

export type RunningServer = { address: string; port: number; stop(): Promise<void> };

const drainMs = 8_000;
/** For what is written again anyway, or counts only once something later has been stored. */
const lossyCommits = '-c synchronous_commit=off';
const signInPageKeptMs = 5_000;

/**
 * Brings up the roles of this process: migrates, seeds an empty database, and serves. Everything it needs to
 * remember is in PostgreSQL, so it may be killed at any moment and started again.
 * @throws when the database cannot be reached or refuses, with the reason
 */
export async function startServer(config: Config, logger: Logger): Promise<RunningServer> {
  const isApi = config.ROLE === 'all' || config.ROLE === 'api';
  const isWorker = config.ROLE === 'all' || config.ROLE === 'worker';
  const isCron = config.ROLE === 'all' || config.ROLE === 'cron';
  const databaseUrl = config.DATABASE_URL;
  await migrate(databaseUrl);

  const db = connectDb(databaseUrl, 'app', 20);
  const dbRO = connectDb(
    config.DATABASE_READ_URL ?? databaseUrl,
    'read',
    10,
    config.DATABASE_STATEMENT_TIMEOUT_MS,
  );
  const catchUpDb = connectDb(databaseUrl, 'catchUp', 8, config.DATABASE_STATEMENT_TIMEOUT_MS);
  const systemDb = connectDb(databaseUrl, 'system', 10, config.DATABASE_STATEMENT_TIMEOUT_MS);
  // Of tasks, of the clock and of what may take long: nobody waits there for an answer in a moment.
  const patientDb = connectDb(databaseUrl, 'system', 6);
  const seeded =
    config.RAPT_DEMO && config.NODE_ENV !== 'production' && (await seedDemoSchool(patientDb, hashPassword));
  if (seeded) logger.info({}, 'the demo school was made');

  const { provider, gateway, model: defaultModel } = selectGateway(config, logger);
  const runPool = createSystemPool(databaseUrl, 'raptscallions-runs', 4, lossyCommits);
  const notePool = createSystemPool(databaseUrl, 'raptscallions-notes', 4, lossyCommits);
  const runLogger = logger.child({ component: 'runs' });
  const leases = new LeaseKeeper(databaseUrl, runPool, runLogger);
  const shares = { perClass: config.AI_CLASS_CONCURRENCY, perUser: config.AI_USER_CONCURRENCY };
  const chunkWriter = new ChunkWriter(notePool, runLogger);
  const notifying = {
    db,
    enqueue: ((task, input, options) => enqueueWith(db)(task, input, options)) satisfies App['enqueue'],
    notifier: createNotifier(config),
  };

  const secret = await readAuthSecret(config);
  const linkTokens = createLinkTokens(secret);
  const secretBox = createSecretBox(secret);
  const { SMTP_URL: smtpUrl, MAIL_FROM: from } = config;
  const mailer = smtpUrl && from ? createSmtpMailer({ url: smtpUrl, from }) : null;
  const origin = originOf(config);
  const modules = new ModuleSupervisor({
    folder: config.RAPT_MODULES_DIR,
    threads: config.MODULE_THREADS,
    logger: logger.child({ component: 'modules' }),
    onChange: (states) => void moduleRegister?.write(states),
  });
  const moduleRegister = isWorker ? new ModuleRegister(patientDb, modules, logger) : undefined;
  // Before the first run: what a module should have read must not pass it by.
  if (isWorker || isApi) await modules.start();
  moduleRegister?.start();

  const rosterTools = {
    databaseUrl,
    secretBox,
    allowedHosts: config.ALLOWED_PRIVATE_HOSTS,
    logger: logger.child({ component: 'rosters' }),
  };

  const queue = createQueue({
    connection: { connectionString: databaseUrl, options: `-c role=${systemRole}` },
    queues: {
      ai: { concurrency: config.AI_CONCURRENCY },
      notifications: { concurrency: 5 },
      mail: { concurrency: 2 },
      rosters: { concurrency: 2 },
      hooks: { concurrency: 4 },
    },
    tasks: isWorker
      ? [
          onPerformRun({
            db,
            ai: gateway,
            provider,
            defaultModel,
            limits: { contextTokens: config.AI_CONTEXT_TOKENS, answerTokens: config.AI_ANSWER_TOKENS },
            picker: new RunPicker(runPool, shares),
            leases,
            chunks: chunkWriter,
            notePool,
            modules,
            enqueue: (task, input, options) => enqueueWith(db)(task, input, options),
            logger: runLogger,
          }),
          onObserveHook({ db, modules }),
          onSendNotification(notifying),
          onDeliverLink({ db: patientDb, tokens: linkTokens, mailer, origin }),
          onRequestReset({
            db: patientDb,
            enqueue: (task, input, options) => enqueueWith(patientDb)(task, input, options),
          }),
          onPerformRosterRun(rosterTools),
        ]
      : [],
    events: isWorker ? onNotifiedEvents(notifying) : [],
    producerRoles: [appRole],
    logger: logger.child({ component: 'queue' }),
  });
  await queue.start();
  if (isWorker) await leases.start();

  const auth = createAuth({ db: systemDb, config, secret, logger });
  const limitPool = createSystemPool(databaseUrl, 'raptscallions-limits', 2, '', limitWaitMs);
  const signInLimits = new SignInLimits(limitPool, config.RATE_LIMIT_AUTH_MAX);
  const chunkRelay = new ChunkRelay(databaseUrl, logger.child({ component: 'chunks' }));
  const resolve: App['resolveSession'] = (headers, setCookie) => resolveSession(auth, headers, setCookie);
  const findSession = createSessionFinder(auth);
  const puller = new Puller(db, catchUpDb, config.DATABASE_STATEMENT_TIMEOUT_MS);
  const hub = new StreamHub({
    puller,
    partSize: config.SYNC_PART_ENTRIES,
    chunks: chunkRelay,
    readSignInEnds: (authSessionIds) => readSessionEnds(systemDb, authSessionIds),
    readOpenRuns: (owners) => listOpenRuns(systemDb, owners),
    logger: logger.child({ component: 'stream' }),
  });
  const enqueueWith =
    (database: typeof db): App['enqueue'] =>
    async (task, input, options) => {
      await task.send(orchidQuery(database), input, options);
      if (database.$isInTransaction()) database.$afterCommit(() => queue.wakeSoon(task.queue));
      else queue.wakeSoon(task.queue);
    };

  let signInPage: { at: number; page: ReturnType<App['signInPage']> } | undefined;
  const app: App = {
    config,
    db,
    dbRO,
    puller,
    systemDb,
    patientDb,
    logger,
    aiProvider: provider,
    sealKey: (userId) => makeSealKey(secret, userId),
    resolveSession: resolve,
    origin,
    linkTokens,
    mailLimit: createMailLimit(limitPool),
    signInLimits,
    secretBox,
    enqueue: enqueueWith(db),
    forgetInQueue: (systemDb, traces) => forgetTraces(orchidQuery(systemDb), traces),
    publish: (event, payload) => event.publish(orchidQuery(db), payload),
    modules,
    chunks: chunkRelay,
    runLooks: new RunLooks((watches) => lookAtRuns(systemDb, watches)),
    watchRuns: async (userId, streamId, runIds) => {
      const notice: StreamNotice = { kind: 'watch', userId, streamId, runIds };
      await runSql(systemDb, 'select pg_notify($1, $2)', [streamChannel, JSON.stringify(notice)]);
    },
    // Anybody may ask for it, so it costs the database one look in five seconds at the most.
    signInPage: () => {
      if (!signInPage || Date.now() - signInPage.at > signInPageKeptMs) {
        signInPage = { at: Date.now(), page: readSignInPage(systemDb, config) };
        signInPage.page.catch(() => {
          signInPage = undefined;
        });
      }
      return signInPage.page;
    },
  };

  const tailer = new Tailer(
    databaseUrl,
    logger.child({ component: 'tailer' }),
    () => hub.size,
    (tick) => hub.deliver(tick),
    () => hub.catchUpAll(),
    (epoch) => {
      hub.epoch = epoch;
    },
    (notice) => hub.notice(notice),
    () => void hub.checkAll(),
  );

  const cronJobs = listCronJobs({
    config,
    systemDb: patientDb,
    db,
    enqueue: enqueueWith(patientDb),
    rosterTools,
  });
  const jobPool = createSystemPool(databaseUrl, 'raptscallions-cron', cronJobs.length);
  const alone = (name: string, work: () => Promise<unknown>) => workAlone(jobPool, name, work);
  const query = orchidQuery(patientDb);
  const stopCron = isCron ? startCron(cronJobs, { query, alone, logger }) : async () => {};

  // Workers answer probes too, so that whoever runs them can see whether they live.
  const http = createHttpServer({
    app,
    handleAuth: (req, res) =>
      handleAuth(auth, { limits: signInLimits, trustedProxies: config.TRUSTED_PROXIES }, req, res),
    openStream: (count, req, res, readBody) => {
      const findCounted = async (headers: typeof req.headers) => {
        const session = await findSession(headers);
        count(session?.userId ?? null);
        return session;
      };
      return openStream(findCounted, hub, req, res, readBody);
    },
    limits: new ApiLimits(limitPool),
    cronJobs: {
      run: async (name) => {
        const job = cronJobs.find((each) => each.name === name);
        return job && runCronJob(job, query, alone);
      },
    },
    ready: async () => {
      const database = await runSql(db, 'select 1').then(
        () => true,
        () => false,
      );
      return { ready: database, database, queue: database, role: config.ROLE, ai: provider };
    },
  });
  if (isApi) tailer.start();
  await new Promise<void>((listening, failed) => {
    http.once('error', failed);
    // A whole school may come back in the same second; whoever finds no place tries again only after one.
    http.listen({ port: config.PORT, host: config.HOST, backlog: 4_096 }, listening);
  });
  const { port } = http.address() as AddressInfo;
  const address =
    config.PUBLIC_URL ?? `http://${config.HOST === '127.0.0.1' ? 'localhost' : config.HOST}:${port}`;
  if (isApi) await announce(app, address);

  return {
    address,
    port,
    stop: async () => {
      // Waited for last: a roster that is read from a folder may take minutes, and nobody else shall wait for that.
      const cronEnded = stopCron();
      hub.close();
      http.closeIdleConnections();
      const closed = new Promise<void>((done) => http.close(() => done()));
      setTimeout(() => http.closeAllConnections(), 2_000).unref();
      await queue.stop({ drainMs });
      await closed;
      await tailer.stop();
      await chunkRelay.stop();
      await moduleRegister?.stop();
      await modules.stop();
      await leases.stop();
      await cronEnded;
      await runPool.end();
      await notePool.end();
      await limitPool.end();
      await jobPool.end();
      mailer?.close();
      await db.$close();
      await dbRO.$close();
      await catchUpDb.$close();
      await systemDb.$close();
      await patientDb.$close();
    },
  };
}
