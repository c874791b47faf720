import { register } from 'node:module';
import { context, propagation, trace } from '@opentelemetry/api';
import { setGlobalOtelConfig } from '@orpc/shared';
import type { Config } from '../configs/config';

/**
 * Begins to send traces and metrics to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names; the standard
 * OTEL_ variables say the rest. Without it nothing is loaded and nothing is measured. To be called before
 * anything that is watched (http, pg) is imported. Spans hold paths and statements, never bodies or values.
 * @returns what sends the rest and ends it
 */
export async function startTelemetry(
  config: Pick<Config, 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_SERVICE_NAME' | 'ROLE'>,
): Promise<() => Promise<void>> {
  if (!config.OTEL_EXPORTER_OTLP_ENDPOINT) return async () => {};
  // Makes imports of CommonJS packages and of Node's own modules patchable.
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  const [{ NodeSDK }, { HttpInstrumentation }, { UndiciInstrumentation }, { PgInstrumentation }] =
    await Promise.all([
      import('@opentelemetry/sdk-node'),
      import('@opentelemetry/instrumentation-http'),
      import('@opentelemetry/instrumentation-undici'),
      import('@opentelemetry/instrumentation-pg'),
    ]);
  const sdk = new NodeSDK({
    serviceName: `${config.OTEL_SERVICE_NAME}-${config.ROLE}`,
    // Host and process detectors would send names of machines and command lines.
    autoDetectResources: false,
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: ({ url }) =>
          ['/health', '/ready', '/meta/liveness-probe'].includes(url ?? ''),
        // What the collector's own exporter sends is no news.
        ignoreOutgoingRequestHook: () => true,
      }),
      new UndiciInstrumentation(),
      // Only as a part of something that was asked for: the tailer alone asks forty times a second.
      new PgInstrumentation({ requireParentSpan: true }),
    ],
  });
  sdk.start();
  setGlobalOtelConfig({ tracer: trace.getTracer('raptscallions'), trace, context, propagation });
  return () => sdk.shutdown();
}
