import type pg from 'pg';
import { PreparingClient } from './prepared_sql';

/** What begins a transaction or a part of it, as Orchid writes it: nobody reads the answer. */
const opening = /^(BEGIN\b|SELECT set_config\(|SAVEPOINT )/;
const closing = /^RELEASE SAVEPOINT /;
/** After these a transaction takes statements again, if one of it has failed. */
const mending = /^(BEGIN|ROLLBACK)\b/;
const noRows = { command: '', rowCount: null, oid: 0, fields: [], rows: [] } satisfies pg.QueryResult;

/**
 * A connection for transactions, in which each round trip is paid for by whoever waits. Statements asked for at once
 * are sent at once, and answered in their order; and what opens or closes a part of a transaction is carried by the
 * statement after it, which fails if that does. A transaction always has one after it, its COMMIT or ROLLBACK.
 */
export class PipeliningClient extends PreparingClient {
  constructor(config?: string | pg.ClientConfig) {
    super({ ...(typeof config === 'string' ? { connectionString: config } : config), pipeline: true });
    const send = this.query.bind(this);
    let carried: string[] = [];
    let failed = false;
    const query = (asked: string | pg.QueryConfig, ...more: unknown[]) => {
      const { text } = typeof asked === 'string' ? { text: asked } : asked;
      if (mending.test(text)) failed = false;
      // After a failure that somebody kept to themselves, the end must say so now: there is a savepoint to go back to.
      if (opening.test(text) || (closing.test(text) && !failed)) {
        carried.push(text);
        return Promise.resolve(noRows);
      }
      const before = carried.length > 0 && send(carried.join(';'));
      carried = [];
      const answer: Promise<unknown> = Reflect.apply(send, this, [asked, ...more]);
      const answers = before ? Promise.all([before, answer]).then(([, answered]) => answered) : answer;
      answers.catch(() => {
        failed = true;
      });
      return answers;
    };
    Object.assign(this, { query });
    // Orchid would hold each statement back until the one before it is answered.
    Object.defineProperty(this, '__lock', { get: () => undefined, set: () => {} });
  }
}
