import { idFromUuid, newId, type RichId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import { createTBus, declareTask, type Task as PgTbusTask, type TaskConfig, Type } from 'pg-tbus';
import { z } from 'zod';
import { type TenantOf, wrapPayload } from './envelope';
import type { Query } from './query';
import { queueSchema } from './queue_names';
import { type AttemptPolicy, toTaskConfig } from './retry_policy';

export type TaskId = RichId<'task'>;

/** Inputs are objects of JSON: a scalar could not grow a field later. */
export type InputSchema = z.ZodType<object, object>;

export interface TaskOptions<S extends InputSchema> extends AttemptPolicy {
  /** unique within its queue and never changed, since stored tasks carry it */
  name: string;
  queue: string;
  input: S;
  /** unless given: the input's field `tenantId` */
  tenantOf?: TenantOf<z.input<S>>;
}

export interface SendOptions {
  startAfterSeconds?: number;
  /**
   * While a task of this name with this key waits or runs, another is not made. Free again as soon as the task
   * has ended, so this is neither an idempotency key nor a cron slot.
   */
  singletonKey?: string;
}

export interface Task<S extends InputSchema = InputSchema> {
  name: string;
  queue: string;
  input: S;
  config: Partial<TaskConfig>;
  deadlineSeconds: number;
  /**
   * Stores the task in the caller's transaction. Tell `wakeSoon(task.queue)` after the commit; without it a
   * worker finds the task within five seconds.
   * @returns the task's id; with a singleton key, the id of the task that stands already
   * @throws ZodError when the input does not fit
   */
  send(query: Query, input: z.input<S>, options?: SendOptions): Promise<TaskId>;
  /** Stores many at once by one INSERT; the ids are in the order of the inputs. */
  sendMany(
    query: Query,
    inputs: z.input<S>[],
    options?: Pick<SendOptions, 'startAfterSeconds'>,
  ): Promise<TaskId[]>;
}

/** Only formats rows: a bus that is never started opens no connection. */
const formatter = createTBus('sender', { db: {}, schema: queueSchema });

const SentZod = z.tuple([z.object({ ids: z.array(z.string()) })]);

/**
 * Inserts rows as pg-tbus would. Its own function returns nothing, so ours takes the ids along and answers with
 * those that stand; it also lets a role send that may not read other people's tasks.
 */
async function sendTasks(query: Query, tasks: PgTbusTask[]): Promise<TaskId[]> {
  if (tasks.length === 0) return [];
  const [rows] = formatter.getSendCommand(tasks).values;
  const ids = tasks.map(() => uuidFromId('task', newId('task')));
  const result = await query(`SELECT ${queueSchema}.rapt_send($1::jsonb, $2::uuid[])::text[] AS ids`, [
    rows,
    ids,
  ]);
  return SentZod.parse(result.rows)[0].ids.map((id) => idFromUuid('task', id));
}

/** Declares a class of work that may be sent from anywhere and is handled where `onTask` says how. */
export function defineTask<S extends InputSchema>(options: TaskOptions<S>): Task<S> {
  const { name, queue, input: schema, tenantOf } = options;
  const { deadlineSeconds, ...config } = toTaskConfig(name, options);
  // zod checks at both ends; pg-tbus's own check is only told that an envelope is an object.
  const declaration = declareTask({ task_name: name, queue, schema: Type.Object({}), config });

  function prepare(input: z.input<S>, send: Partial<TaskConfig>): PgTbusTask {
    schema.parse(input);
    return declaration.from(wrapPayload(input, tenantOf), send);
  }

  async function send(
    query: Query,
    input: z.input<S>,
    { startAfterSeconds = 0, singletonKey }: SendOptions = {},
  ) {
    // pg-tbus keeps keys apart by queue only, and would drop a task for the key of another kind.
    const key = singletonKey === undefined ? null : `${name}:${singletonKey}`;
    const [id] = await sendTasks(query, [prepare(input, { startAfterSeconds, singletonKey: key })]);
    if (!id) throw new Error(`${name}: the task was not stored`);
    return id;
  }

  return {
    name,
    queue,
    input: schema,
    config,
    deadlineSeconds,
    send,
    sendMany: (query, inputs, { startAfterSeconds = 0 } = {}) =>
      sendTasks(
        query,
        inputs.map((input) => prepare(input, { startAfterSeconds })),
      ),
  };
}
