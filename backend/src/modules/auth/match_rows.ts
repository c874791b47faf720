import { IdError } from '@raptscallions/zod-schemas/rich_id';
import type { CleanedWhere } from 'better-auth/adapters';
import type { Query } from 'orchid-orm';
import { sql } from '../../db/base_table';

/** A table whose columns are named at run time, since better-auth speaks of models and fields. */
export type AuthTable = Query.NotReadOnlyQuery;

type Condition = ReturnType<typeof conditionOf>;

/**
 * The rows that fulfil every condition joined by AND and, where some are joined by OR, one of those at least.
 */
export function matchRows(table: AuthTable, where: CleanedWhere[] = []) {
  const join = (connector: CleanedWhere['connector'], glue: (a: Condition, b: Condition) => Condition) => {
    const [first, ...rest] = where.filter((one) => one.connector === connector);
    return first && rest.reduce((a, b) => glue(a, conditionOf(table, b)), conditionOf(table, first));
  };
  const all = join('AND', (a, b) => sql`${a} and ${b}`);
  const any = join('OR', (a, b) => sql`${a} or ${b}`);
  const narrowed = all ? table.whereSql`${all}` : table.all();
  return any ? narrowed.whereSql`${any}` : narrowed;
}

/** One of the rows that match, under the same conditions again, since another may change it meanwhile. */
export function matchOne(table: AuthTable, where: CleanedWhere[]) {
  return matchRows(table, where).where({ id: { in: matchRows(table, where).select('id').limit(1) } });
}

function conditionOf(table: AuthTable, { field, operator, value: given, mode }: CleanedWhere) {
  const value = Array.isArray(given)
    ? [...given].map((one) => encode(table, field, one)).filter((one) => one !== unknownId)
    : encode(table, field, given);
  const values = Array.isArray(value) ? value : [value];
  // An id of another kind, or no id at all, is simply not found.
  if (value === unknownId) return sql`${operator === 'ne'}::boolean`;
  const insensitive = mode === 'insensitive' && values.every((one) => typeof one === 'string');
  const column = insensitive ? sql`lower(${table.column(field)})` : sql`${table.column(field)}`;
  const compared = insensitive ? values.map((one) => String(one).toLowerCase()) : values;
  const [first = null] = compared;
  switch (operator) {
    case 'eq':
      return first === null ? sql`${column} is null` : sql`${column} = ${first}`;
    case 'ne':
      return first === null ? sql`${column} is not null` : sql`${column} <> ${first}`;
    case 'in':
      return sql`${column} = any(${compared})`;
    case 'not_in':
      return sql`${column} <> all(${compared})`;
    case 'lt':
      return sql`${column} < ${first}`;
    case 'lte':
      return sql`${column} <= ${first}`;
    case 'gt':
      return sql`${column} > ${first}`;
    case 'gte':
      return sql`${column} >= ${first}`;
    case 'contains':
      return sql`${column} like ${`%${escapePattern(first)}%`}`;
    case 'starts_with':
      return sql`${column} like ${`${escapePattern(first)}%`}`;
    case 'ends_with':
      return sql`${column} like ${`%${escapePattern(first)}`}`;
  }
}

const unknownId = Symbol('an id that no row can have');

/** A value as PostgreSQL has it, by the column's own rule. */
function encode(table: AuthTable, field: string, value: unknown): unknown {
  const column: object | undefined = table.shape[field];
  if (value === null || !column || !hasEncode(column)) return value;
  try {
    return column.data.encode(value);
  } catch (error) {
    if (error instanceof IdError) return unknownId;
    throw error;
  }
}

function hasEncode(column: object): column is { data: { encode(value: unknown): unknown } } {
  if (!('data' in column) || typeof column.data !== 'object' || column.data === null) return false;
  return 'encode' in column.data && typeof column.data.encode === 'function';
}

/** What a person typed has no wildcards. */
function escapePattern(text: unknown): string {
  return String(text).replaceAll(/[\\%_]/g, '\\$&');
}
