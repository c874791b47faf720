import { syncColumns, syncTableNames, syncTables } from '@raptscallions/zod-schemas/sync_table';

/** A name of TypeScript as the database spells it. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Every synced table as the database calls it, the column that names its rows, and its columns. */
export const tableNames = syncTableNames.map((name) => ({
  name,
  table: snakeCase(name),
  key: snakeCase(syncTables[name].key),
  columns: syncColumns[name].map((column) => ({ ...column, stored: snakeCase(column.name) })),
}));
