import { type Config, readConfig } from './configs/config';
import { startErrorReports } from './lib/error_reports';
import { createLogger } from './lib/logger';
import { startTelemetry } from './lib/telemetry';

const config = configOrExit();
const stopTelemetry = await startTelemetry(config);
const logger = createLogger(config.LOG_LEVEL, { report: await startErrorReports(config) });
// Only now: telemetry watches what is imported after it.
const { startServer } = await import('./server');

// A promise nobody waited for is a bug, but not a reason to end every pupil's stream.
process.on('unhandledRejection', (error) =>
  logger.error({ err: error }, 'a promise was rejected and not handled'),
);

const server = await startServer(config, logger).catch((error: unknown) => {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  if (taken)
    process.stderr.write(`Port ${config.PORT} is taken. Set PORT to another one, or stop what uses it.\n`);
  else logger.error({ err: error }, 'the server could not start');
  process.exit(1);
});

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    // Whatever hangs must not keep the process for ever; the queue hands over what was not finished.
    setTimeout(() => process.exit(1), 12_000).unref();
    const stopped = server.stop().finally(() => stopTelemetry().catch(() => {}));
    stopped.then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'the server did not stop cleanly');
        process.exit(1);
      },
    );
  });
}

/** A wrong environment stays wrong: 78 (EX_CONFIG of sysexits) tells whoever started us not to try again. */
function configOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(78);
  }
}
