import { newId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import type { FacadeClient } from './database_facade';
import { queueSchema } from './queue_names';

export interface FanOutHooks {
  /** events were found: there may be more */
  onEvents(): void;
  /** tasks were made of them and committed */
  onTasks(): void;
  onError(error: unknown): void;
}

interface Command {
  text: string;
  values?: unknown[];
}

const makeTasks = `${queueSchema}.create_bus_tasks($3::jsonb)`;
const TasksZod = z.array(z.unknown());

/**
 * pg-tbus draws the ids of the tasks at random. All of one fan-out are due at the same moment, and those are
 * claimed by their ids, so rising ids are what keeps the order of the events.
 */
function keepOrder({ text, values = [] }: Command): Command {
  if (!text.includes(makeTasks)) return { text, values };
  const ids = TasksZod.parse(JSON.parse(String(values[2]))).map(() => uuidFromId('task', newId('task')));
  return {
    text: text.replace(makeTasks, `${queueSchema}.rapt_send($3::jsonb, $4::uuid[])`),
    values: [...values, ids],
  };
}

/** Stands in when there is no connection: to pg-tbus it looks as if there were no events. */
export const idleFanOutClient: FacadeClient = { query: async () => ({ rows: [] }), release: () => {} };

/**
 * A client for one fan-out. pg-tbus lets a failing transaction end its loop, so after an error every further
 * statement answers nothing, and the session is thrown away: that rolls back what it had begun.
 */
export async function connectFanOut(pool: Pool, hooks: FanOutHooks): Promise<FacadeClient> {
  let client: PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    hooks.onError(error);
    return idleFanOutClient;
  }
  let failure: Error | undefined;
  let madeTasks = false;

  async function query(given: string | Command): Promise<{ rows: unknown[] }> {
    if (failure) return { rows: [] };
    const command = keepOrder(typeof given === 'string' ? { text: given } : given);
    try {
      const result = await client.query(command);
      if (command.text.includes('SKIP LOCKED') && result.rows.length > 0) hooks.onEvents();
      if (command.text.includes('rapt_send')) madeTasks = true;
      if (command.text === 'COMMIT' && madeTasks) hooks.onTasks();
      return result;
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      hooks.onError(error);
      return { rows: [] };
    }
  }

  return { query, release: () => client.release(failure) };
}
