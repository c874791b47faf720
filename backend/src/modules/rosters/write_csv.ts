/**
 * Rows as CSV (RFC 4180). A spreadsheet runs a cell that begins like a formula, and the names in it may come from a
 * stranger's file: such a cell gets an apostrophe in front, which shows it as text.
 */
export function writeCsv(rows: string[][]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
