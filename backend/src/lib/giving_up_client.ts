import pg from 'pg';

/**
 * A connection that ends when a statement gets no answer for `query_timeout`, so that no pool hands it to somebody
 * else: its server is gone, or still at work on what nobody waits for any more.
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
        if (error instanceof Error && error.message === 'Query read timeout') void this.end();
        throw error;
      }
    };
    Object.assign(this, { query });
  }
}
