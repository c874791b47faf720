import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const optionalText = z
  .string()
  .trim()
  .optional()
  .transform((text) => text || undefined);
/** docker compose hands on an unset variable as an empty one */
const optionalUrl = z
  .union([z.literal(''), z.url()])
  .optional()
  .transform((text) => text || undefined);
const milliseconds = (fallback: number) => z.coerce.number().int().positive().default(fallback);

/** Every environment variable the server reads; anything else is not read anywhere. */
export const ConfigZod = z
  .object({
    NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
    /** `all`: api, worker and cron in one process */
    ROLE: z.enum(['all', 'api', 'worker', 'cron']).default('all'),
    HOST: z.string().default('127.0.0.1'),
    PORT: port.default(3000),
    /** where browsers reach us, when a proxy stands in front; decides secure cookies */
    PUBLIC_URL: z.url().optional(),
    DATABASE_URL: z.url(),
    /** a replica that lists and partners' reads may be answered from */
    DATABASE_READ_URL: z.url().optional(),
    RAPT_DATA_DIR: z.string().default('.data'),
    /** the built web app; the server answers with it for every path that is not an API */
    RAPT_FRONTEND_DIR: z.string().default('frontend/dist'),
    /** a folder in it for each module that reads along in chats */
    RAPT_MODULES_DIR: z.string().default('modules'),
    /** how many calls to modules run at once in this process; one that hangs holds one of them */
    MODULE_THREADS: z.coerce.number().int().min(2).max(16).default(2),
    BETTER_AUTH_SECRET: optionalText,
    GOOGLE_CLIENT_ID: optionalText,
    GOOGLE_CLIENT_SECRET: optionalText,
    MICROSOFT_CLIENT_ID: optionalText,
    MICROSOFT_CLIENT_SECRET: optionalText,
    CLEVER_CLIENT_ID: optionalText,
    CLEVER_CLIENT_SECRET: optionalText,
    /** any other OpenID Connect provider: `https://id.school.example/.well-known/openid-configuration` */
    OPENID_DISCOVERY_URL: optionalText,
    OPENID_CLIENT_ID: optionalText,
    OPENID_CLIENT_SECRET: optionalText,
    /** what its button says: "Sign in with …" */
    OPENID_NAME: z.string().trim().max(40).default('your school account'),
    /** `workspace key:workspace secret`; unset, notifications are recorded and not sent */
    SUPRSEND_API_KEY: z
      .string()
      .regex(/^([^:\s]+:[^:\s]+)?$/, 'must be the workspace key and its secret, with a colon between')
      .optional(),
    /** a SuprSend of the school's own */
    SUPRSEND_URL: optionalUrl,
    /** `smtp://user:password@host:587`; without it links are kept for an administrator to hand over */
    SMTP_URL: optionalText,
    /** whom mails come from: `Alder Row <classroom@alder.example>` */
    MAIL_FROM: optionalText,
    CRON_JOB_TOKEN: optionalText,
    /** hosts, with or without a port, on the school's own network that rosters may be asked of; commas between them */
    ALLOWED_PRIVATE_HOSTS: z
      .string()
      .default('')
      .transform((text) =>
        text
          .split(',')
          .map((host) => host.trim())
          .filter(Boolean),
      ),
    /** zips laid into `<this folder>/<id of the source>` are read and applied, unless a brake holds them */
    ROSTER_WATCH_DIR: optionalText,
    /** an OpenTelemetry collector that traces and metrics go to; unset, none are made */
    OTEL_EXPORTER_OTLP_ENDPOINT: optionalUrl,
    OTEL_SERVICE_NAME: z.string().default('raptscallions'),
    SENTRY_DSN: optionalText,
    AI_GATEWAY_URL: optionalText,
    AI_API_KEY: optionalText,
    AI_DEFAULT_MODEL: optionalText,
    AI_REQUEST_TIMEOUT_MS: milliseconds(120_000),
    AI_IDLE_TIMEOUT_MS: milliseconds(20_000),
    /** what the model reads and writes at once, in tokens; unset: the last 50 messages of a chat are sent */
    AI_CONTEXT_TOKENS: z.coerce.number().int().min(1_000).optional(),
    /** the longest answer, in tokens; unset: the model's own limit */
    AI_ANSWER_TOKENS: z.coerce.number().int().positive().optional(),
    /** AI runs one worker performs at once; they wait for the model nearly all of the time */
    AI_CONCURRENCY: z.coerce.number().int().positive().default(50),
    /** runs of one class, and of one person, at once over all workers; the rest wait for their turn */
    AI_CLASS_CONCURRENCY: z.coerce.number().int().positive().default(30),
    AI_USER_CONCURRENCY: z.coerce.number().int().positive().default(3),
    AI_MAX_RETRIES: z.coerce.number().int().min(0).max(10).default(2),
    /** how many proxies of the school's own stand in front; only what they add to X-Forwarded-For is believed */
    TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
    RATE_LIMIT_API_MAX: z.coerce.number().int().positive().default(100),
    /** failed sign-ins a minute for an account from one network; twenty times as many for the network */
    RATE_LIMIT_AUTH_MAX: z.coerce.number().int().positive().default(5),
    /** after which a statement is stopped that somebody waits for; exports, erasures and tasks may take longer */
    DATABASE_STATEMENT_TIMEOUT_MS: milliseconds(30_000),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    /** rows in one part of a first load; a browser asks for the next one when it has this one */
    SYNC_PART_ENTRIES: z.coerce.number().int().min(10).max(50_000).default(6_000),
    /** `false`: never fill an empty database with the demo school */
    RAPT_DEMO: z
      .enum(['true', 'false'])
      .default('true')
      .transform((text) => text === 'true'),
  })
  .superRefine((config, issues) => {
    if (config.NODE_ENV === 'production' && !config.BETTER_AUTH_SECRET) {
      issues.addIssue({
        code: 'custom',
        path: ['BETTER_AUTH_SECRET'],
        message: 'must be set in production: a long random text, for instance from `openssl rand -hex 32`',
      });
    }
    if (config.SMTP_URL && !config.MAIL_FROM) {
      issues.addIssue({ code: 'custom', path: ['MAIL_FROM'], message: 'must be set where SMTP_URL is' });
    }
    if (config.SMTP_URL && !/^smtps?:\/\//.test(config.SMTP_URL)) {
      issues.addIssue({ code: 'custom', path: ['SMTP_URL'], message: 'must begin with smtp:// or smtps://' });
    }
  });
export type Config = z.output<typeof ConfigZod>;

/** Where browsers reach us, without a slash at the end. */
export function originOf({ PUBLIC_URL, PORT }: Pick<Config, 'PUBLIC_URL' | 'PORT'>): string {
  return (PUBLIC_URL ?? `http://localhost:${PORT}`).replace(/\/$/, '');
}

/**
 * The configuration out of the environment.
 * @throws Error whose message lists every variable that is wrong, one a line, without its value
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const read = ConfigZod.safeParse(environment);
  if (read.success) return read.data;
  const lines = read.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The environment is not right:\n${lines.join('\n')}`);
}
