import type pg from 'pg';
import { GivingUpClient } from '../lib/giving_up_client';

/** the name of each text */
const names = new Map<string, string>();
const taken = new Set<string>();

/**
 * A statement that PostgreSQL keeps prepared: read and planned once a connection and not once a call, also inside
 * of a transaction. For those every request needs, and long ones, where planning takes longer than running.
 * @param name one for each text, at most 63 characters: PostgreSQL cuts it there
 * @returns the text, for `runSql`
 */
export function prepareSql(name: string, text: string): string {
  if (names.get(text) === name) return text;
  if (taken.has(name) || name.length > 63) throw new Error(`No statement can be prepared as ${name}`);
  taken.add(name);
  names.set(text, name);
  return text;
}

export function isPrepared(text: string): boolean {
  return names.has(text);
}

/** A connection that asks for a prepared text by its name. */
export class PreparingClient extends GivingUpClient {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const send = this.query.bind(this);
    const query = (asked: string | pg.QueryConfig, ...more: unknown[]) => {
      const statement = typeof asked === 'string' ? { text: asked } : asked;
      const name = names.get(statement.text);
      return Reflect.apply(send, this, [name === undefined ? asked : { ...statement, name }, ...more]);
    };
    Object.assign(this, { query });
  }
}
