import { context, isSpanContextValid, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

const traceparentPattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The active span in the form of W3C Trace Context, undefined outside any span. */
export function currentTraceparent(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  if (!span || !isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}

/** Runs `work` as a part of the trace the task was sent from; without a valid one, in the present context. */
export function withTraceparent<T>(traceparent: string | undefined, work: () => T): T {
  const parts = traceparentPattern.exec(traceparent ?? '');
  if (!parts) return work();
  const [, traceId = '', spanId = '', flags = '00'] = parts;
  const remote = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return context.with(trace.setSpanContext(context.active(), remote), work);
}

/** Runs `work` as a span of its own that ends with it, and failed if it throws. */
export function inSpan<T>(name: string, work: () => Promise<T>): Promise<T> {
  return trace.getTracer('raptscallions').startActiveSpan(name, { kind: SpanKind.CONSUMER }, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
