import type { JsonSchema } from '@raptscallions/tool-yaml/check_value';
import type { JsonGroup } from '@raptscallions/zod-schemas/product.zod';
import { writeCsv } from '@raptscallions/zod-schemas/write_csv';
import { asSchema } from './form_field';

type Cell = string | number | boolean | null;

/**
 * A result as a table: where it holds one list of groups, a row for each of them; else a row for each value, named
 * by its way from the top. In the order of its schema, since the database keeps none.
 */
export function resultToCsv(schema: JsonSchema, output: JsonGroup): string {
  const properties = asSchema(schema.properties);
  const lists = Object.entries(output).flatMap(([name, value]) => {
    const all: unknown[] = Array.isArray(value) ? value : [];
    const rows = all.filter(isGroup);
    const items = asSchema(asSchema(properties[name]).items);
    return rows.length > 0 && rows.length === all.length ? [{ rows, items }] : [];
  });
  const [list] = lists;
  if (list && lists.length === 1) {
    const head = [...new Set(list.rows.flatMap((row) => namesIn(list.items, row)))];
    return writeCsv(
      inOrder(list.items, head),
      list.rows.map((row) => inOrder(list.items, head).map((name) => cellOf(row[name]))),
    );
  }
  return writeCsv(['Field', 'Value'], flatten(schema, output));
}

function namesIn(schema: JsonSchema, value: Record<string, unknown>): string[] {
  return inOrder(schema, Object.keys(value));
}

/** The names of a schema in its order, then the others. */
function inOrder(schema: JsonSchema, names: string[]): string[] {
  const known = Object.keys(asSchema(schema.properties)).filter((name) => names.includes(name));
  return [...known, ...names.filter((name) => !known.includes(name))];
}

function flatten(schema: JsonSchema, value: unknown, path = ''): [string, Cell][] {
  if (Array.isArray(value))
    return value.flatMap((each, at) => flatten(asSchema(schema.items), each, `${path} ${at + 1}`.trim()));
  if (!isGroup(value)) return [[path, cellOf(value)]];
  const properties = asSchema(schema.properties);
  return namesIn(schema, value).flatMap((name) =>
    flatten(asSchema(properties[name]), value[name], path ? `${path} › ${name}` : name),
  );
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return Array.isArray(value) && value.every((each) => typeof each !== 'object')
    ? value.map(String).join('; ')
    : JSON.stringify(value);
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
