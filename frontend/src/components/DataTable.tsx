import type { ReactNode } from 'react';
import { ScrollBox } from './ScrollBox';

export type Column<Row> = {
  key: string;
  head: ReactNode;
  /** the first column names its row */
  cell: (row: Row) => ReactNode;
  /** numbers stand at the end of their cell */
  number?: boolean;
  /** dropped on phones */
  wideOnly?: boolean;
};

/** A table in a card; when it is too wide it scrolls in its own box. */
export function DataTable<Row>({
  label,
  columns,
  rows,
  rowKey,
}: {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
}) {
  const classOf = (column: Column<Row>) =>
    [column.number && 'num', column.wideOnly && 'hide-s'].filter(Boolean).join(' ') || undefined;
  return (
    <ScrollBox label={label}>
      <table className="data">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={classOf(column)}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column, at) =>
                at === 0 ? (
                  <th key={column.key} scope="row" className={classOf(column)}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.key} className={classOf(column)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
