import type { IncomingHttpHeaders } from 'node:http';
import type { Actor } from '@raptscallions/policies/actor';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { z } from 'zod';
import type { Config } from '../configs/config';
import type { Db } from '../db/db';
import type { Event } from '../events/define_event';
import type { InputSchema, Task } from '../events/define_task';
import type { Logger } from '../lib/logger';
import type { SecretBox } from '../lib/secret_box';
import type { LinkTokens } from '../modules/auth/link_tokens';
import type { ModuleSupervisor } from '../modules/hooks/module_supervisor';
import type { SignInLimits } from '../modules/limits/sign_in_limits';
import type { ChunkRelay } from '../modules/runs/chunk_relay';
import type { RunLooks } from '../modules/runs/run_looks';
import type { Puller } from '../modules/sync/services/pull.service';

/** What the whole process shares; made once in `main.ts`, or by a test. */
export type App = {
  config: Config;
  /** sees the tenant that was entered */
  db: Db;
  /** shows the tenant of `readTenant` and writes nothing; on a replica, where there is one */
  dbRO: Db;
  puller: Pick<Puller, 'pull' | 'pullText'>;
  /** sees all tenants: sign-in, queue, tailer, cron and seed only */
  systemDb: Db;
  /** the same, for what must take the time it takes: nobody stops its statements */
  patientDb: Db;
  logger: Logger;
  aiProvider: 'practice' | 'gateway';
  /** opens what somebody left unsent on a device; handed to nobody else */
  sealKey(userId: UserId): string;
  signInPage(): Promise<SignInPage>;
  /** `setCookie` puts a header on the answer; only where it is given is a session extended */
  resolveSession(
    headers: IncomingHttpHeaders,
    setCookie?: (header: string) => void,
  ): Promise<SignedIn | null>;
  /** where browsers reach us, without a slash at the end */
  origin: string;
  linkTokens: LinkTokens;
  /** counts wrong passwords, for an account and for a network */
  signInLimits: Pick<SignInLimits, 'begin'>;
  /** counts mails that strangers can cause: by the address they go to, and by the caller's */
  mailLimit: { take(email: string, address: string): Promise<void> };
  /** for secrets of other systems that a school has us keep */
  secretBox: SecretBox;
  /** puts a task into the queue in the open transaction; its workers wake when it has committed */
  enqueue: Enqueue;
  /** announces a fact in the open transaction, to whoever subscribes to it; see `publishEvent` */
  publish: Publish;
  /** takes out of the queue whatever holds one of these texts: of somebody who is erased, or an address that is nobody's */
  forgetInQueue(systemDb: Db, traces: string[]): Promise<void>;
  /** the modules of this installation, ready to be asked */
  modules: Pick<ModuleSupervisor, 'find' | 'call'>;
  /** the released text of runs that are under way */
  chunks: Pick<ChunkRelay, 'watch' | 'forget'>;
  /** how far runs are that somebody watches */
  runLooks: RunLooks;
  /** tells whichever process holds the stream which runs of other people it carries */
  watchRuns(userId: UserId, streamId: string, runIds: RichId<'run'>[]): Promise<void>;
};

export type SignInPage = {
  schoolName: string | null;
  schoolCode: string | null;
  providers: { id: string; name: string }[];
  demo: { password: string; people: { name: string; email: string; role: string; note: string }[] } | null;
};

export type Enqueue = <S extends InputSchema>(
  task: Task<S>,
  input: z.input<S>,
  options?: { startAfterSeconds?: number },
) => Promise<void>;
export type Publish = <S extends InputSchema>(event: Event<S>, payload: z.input<S>) => Promise<void>;

export type SignedIn = {
  userId: UserId;
  tenantId: TenantId;
  authSessionId: RichId<'authsession'>;
  name: string;
  /** what the person may do, as it was when the request came */
  actor: Actor;
  /** whose device it is, as was said at the sign-in */
  deviceContext: 'personal' | 'shared' | 'unknown';
  /** when the person last proved who they are, in milliseconds since 1970 */
  signedInAt: number;
};

/** A count of its own for some procedures, so many times as high as the general one. */
export type CallLimit = { bucket: string; factor: number };
/** @throws AppError RATE_LIMIT_EXCEEDED; null: nobody who is signed in */
export type CountCall = (userId: UserId | null, limit?: CallLimit) => void;

export type RequestContext = {
  app: App;
  headers: IncomingHttpHeaders;
  /** of the caller, behind our own proxies; absent where there is no connection */
  address?: string;
  /** counts the call and says on the answer what is left; absent where there is no call, as for an edit in a push */
  count?: CountCall;
  /** absent where there is no answer of its own, as for an edit in a push */
  setCookie?: (header: string) => void;
};

/** What a service that only reads receives: one tenant, who asks, and the read-only database. */
export type ReadContext = {
  app: App;
  tenantId: TenantId;
  actor: Actor;
  dbRO: Db;
  logger: Logger;
};

/**
 * What a service receives: besides, the database with the tenant's transaction open. Outside of a request
 * (tasks) there is no actor, and only services that ask no policy may be called.
 */
export type TenantContext = ReadContext & { db: Db };

/** The part of it that the command line has as well, where no server stands behind a service. */
export type CommandContext = Pick<TenantContext, 'tenantId' | 'actor' | 'db' | 'dbRO'> & {
  app: Pick<
    App,
    'publish' | 'systemDb' | 'patientDb' | 'enqueue' | 'forgetInQueue' | 'origin' | 'linkTokens'
  >;
};
/** The same for what only reads. */
export type CommandReadContext = Omit<CommandContext, 'db'>;
