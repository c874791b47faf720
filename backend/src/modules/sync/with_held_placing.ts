import type { ClientBase } from 'pg';

/**
 * Places what `work` writes once, at its end: for a transaction of the system role that writes whole tables. By one
 * call, since rows that are only noted and then committed would never reach a browser.
 */
export async function withHeldPlacing(client: ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query('select sync.hold_placing()');
  await work();
  await client.query('select sync.place_held()');
}
