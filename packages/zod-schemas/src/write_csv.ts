/** What a spreadsheet takes for the beginning of a formula, also behind blanks it skips. */
const formulaStart = /^[\s\u00a0\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|^[\t\r\n]/;

type Cell = string | number | boolean | null;

/**
 * Rows as CSV (RFC 4180, with the mark by which spreadsheets know UTF-8). Text that a spreadsheet would run gets an
 * apostrophe in front, which shows it as text: names and answers come from other people.
 */
export function writeCsv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return `\ufeff${[head, ...rows].map(writeCsvRow).join('')}`;
}

/** One more row, for a file that grows. */
export function writeCsvRow(row: readonly Cell[]): string {
  return `${row.map(writeCell).join(',')}\r\n`;
}

function writeCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = formulaStart.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
