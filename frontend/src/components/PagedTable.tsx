import type { ComponentProps } from 'react';
import { DataTable } from './DataTable';
import { PagedList } from './PagedList';

type Props<Row> = Omit<ComponentProps<typeof PagedList<Row>>, 'children'> &
  Omit<ComponentProps<typeof DataTable<Row>>, 'rows'>;

/** A table that is kept on the server, newest first, page after page. */
export function PagedTable<Row>({ label, columns, rowKey, ...list }: Props<Row>) {
  return (
    <PagedList {...list}>
      {(rows) => <DataTable columns={columns} label={label} rowKey={rowKey} rows={rows} />}
    </PagedList>
  );
}
