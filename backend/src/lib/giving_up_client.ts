import pg from 'pg';

/**
 * A connection that ends when a statement gets no answer for `query_timeout`, so that no pool hands it to somebody
 * else: its server is gone, or still at work on what nobody waits for any more.
 */
export class GivingUpClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const send = super.query.bind(this);
    const query = async (statement: pg.QueryConfig) => {
      try {
        return await send(statement);
      } catch (error) {
        if (error instanceof Error && error.message === 'Query read timeout') void this.end();
        throw error;
      }
    };
    Object.assign(this, { query });
  }
}
