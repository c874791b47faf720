/**
 * Whatever can run one statement: a pg client, a pool, or Orchid inside a transaction. Given to `send` and
 * `publish` by the caller, so that a task or an event is stored, or rolled back, with the rows it is about.
 */
export type Query = (text: string, values: unknown[]) => Promise<{ rows: unknown[] }>;
