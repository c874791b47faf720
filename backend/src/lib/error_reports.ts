import type { Config } from '../configs/config';

/** Hands an error on to whoever looks after this installation; the fields say where it happened. */
export type ReportError = (error: Error, fields: Record<string, unknown>) => void;

/** The same error is reported again after so long. */
const repeatedMs = 60_000;
/** So many different ones are remembered: where more than that fail in turn, somebody looks already. */
const mostRemembered = 100;

/**
 * Reports to Sentry; null where no DSN is set, and then nothing leaves this installation. Only the error as the
 * log shows it goes out: no request, no cookie, no person, and no breadcrumbs, which would hold their words.
 */
export async function startErrorReports({
  SENTRY_DSN,
  NODE_ENV,
}: Pick<Config, 'NODE_ENV'> & { SENTRY_DSN?: string | undefined }): Promise<ReportError | null> {
  if (!SENTRY_DSN) return null;
  const { captureException, initWithoutDefaultIntegrations } = await import('@sentry/node');
  initWithoutDefaultIntegrations({
    dsn: SENTRY_DSN,
    environment: NODE_ENV,
    enableRuntimeChannelInjection: false,
    serverName: 'raptscallions',
    maxBreadcrumbs: 0,
  });
  const reported = new Map<string, number>();
  return (error, fields) => {
    // What is repeated until it succeeds would otherwise use up in an hour what somebody has for a month.
    const what = `${error.name} ${error.message}`;
    if (Date.now() - (reported.get(what) ?? 0) < repeatedMs) return;
    reported.delete(what);
    reported.set(what, Date.now());
    const [oldest = ''] = reported.keys();
    if (reported.size > mostRemembered) reported.delete(oldest);
    captureException(error, { extra: fields });
  };
}
