import type { Query } from './query';

/** The one thing asked of Orchid: its tagged template, which joins the transaction under way. */
interface OrchidDb {
  $query(parts: TemplateStringsArray, ...values: unknown[]): Promise<{ rows: unknown[] }>;
}

/**
 * An executor for `send` and `publish` over Orchid: inside `db.$transaction` the statement is a part of the
 * transaction, with its role and tenant. (An adapter taken from a table hook would not be.)
 */
export function orchidQuery(db: OrchidDb): Query {
  return (text, values) => {
    // Orchid numbers the parameters itself, so a statement is taken apart at ours.
    const parts = text.split(/\$\d+/);
    const numbers = [...text.matchAll(/\$(\d+)/g)].map((match) => Number(match[1]));
    return db.$query(Object.assign(parts, { raw: parts }), ...numbers.map((number) => values[number - 1]));
  };
}
