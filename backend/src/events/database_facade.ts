import type { Pool } from 'pg';
import { recogniseStatement } from './recognise_statement';

interface Rows {
  rows: unknown[];
}

/** As much of a pooled client as pg-tbus uses. */
export interface FacadeClient {
  query(command: unknown): Promise<Rows>;
  release(): void;
}

/** What answers pg-tbus in the database's place. Once its start is over, none of these may ever reject. */
export interface FacadeParts {
  /** rows with `id`, `data` and `expire_in_seconds`, held back until there are some */
  claim(limit: number): Promise<unknown[]>;
  settle(keys: string[]): Promise<void>;
  /** a client for one transaction that turns events into tasks, held back until there are events */
  connectFanOut(): Promise<FacadeClient>;
  /** deletes what is kept no longer; the statement is pg-tbus's own */
  purge(command: { text: string; values: unknown[] }): Promise<void>;
  /** the connection of the migration, with which every start begins */
  connectMigration(): Promise<FacadeClient>;
  /** whether this bus has subscribers; one without must not have a place in the log of events */
  hasEvents: boolean;
}

const nothing: Rows = { rows: [] };

/**
 * The `db` pg-tbus is given: a pool of which `query` and `connect` are ours. pg-tbus ends its loop, or the
 * whole process, at the first statement that fails, so what it calls while it runs always resolves.
 */
export function createDatabaseFacade(pool: Pool, parts: FacadeParts): Pool {
  let migrated = false;

  async function query(command: { text: string; values: unknown[] }): Promise<Rows> {
    const statement = recogniseStatement(command);
    switch (statement.kind) {
      case 'claim':
        return { rows: await parts.claim(statement.limit) };
      case 'settle':
        await parts.settle(statement.items.map(({ t }) => t));
        return nothing;
      case 'purge':
        await parts.purge(command);
        return nothing;
      // Deadlines are kept by the worker, and by the reaper, which also logs and wakes.
      case 'expire':
        return nothing;
      // A part of the start, which is repeated as a whole when it fails. Without subscribers the place in the
      // log would stay where it is, and the first subscriber be told a month of history.
      case 'last_event':
      case 'cursor':
        return parts.hasEvents ? pool.query(command) : nothing;
    }
  }

  async function connect(): Promise<FacadeClient> {
    if (migrated) return parts.connectFanOut();
    migrated = true;
    return parts.connectMigration();
  }

  return new Proxy(pool, {
    get(target, property) {
      if (property === 'query') return query;
      if (property === 'connect') return connect;
      return Reflect.get(target, property);
    },
  });
}
