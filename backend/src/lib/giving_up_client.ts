import pg from 'pg';

/**
 * A connection that ends when a statement gets no answer for `query_timeout`, or the server ends it, so that no pool
 * hands it to somebody else: its server is gone, or still at work on what nobody waits for any more. What the server
 * says on parting is read some time before the line is down.
 */
export class GivingUpClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const send = super.query.bind(this);
    // All of what it is called with goes on: a pool's own `query` waits for a callback.
    const query = async (...asked: unknown[]) => {
      try {
        return await Reflect.apply(send, this, asked);
      } catch (error) {
        if (isOver(error)) void this.end();
        throw error;
      }
    };
    Object.assign(this, { query });
  }
}

function isOver(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return error.severity === 'FATAL';
  return error instanceof Error && error.message === 'Query read timeout';
}
