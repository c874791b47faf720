import type { Pool, PoolClient } from 'pg';
import type { FacadeClient } from './database_facade';

export interface FanOutHooks {
  /** events were found: there may be more */
  onEvents(): void;
  /** tasks were made of them and committed */
  onTasks(): void;
  onError(error: unknown): void;
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

  async function query(command: string | { text: string; values?: unknown[] }): Promise<{ rows: unknown[] }> {
    if (failure) return { rows: [] };
    const text = typeof command === 'string' ? command : command.text;
    try {
      const result = await client.query(command);
      if (text.includes('SKIP LOCKED') && result.rows.length > 0) hooks.onEvents();
      if (text.includes('create_bus_tasks')) madeTasks = true;
      if (text === 'COMMIT' && madeTasks) hooks.onTasks();
      return result;
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      hooks.onError(error);
      return { rows: [] };
    }
  }

  return { query, release: () => client.release(failure) };
}
