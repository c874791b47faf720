import './products.css';
import type { JsonSchema } from '@raptscallions/tool-yaml/check_value';
import { type Column, DataTable } from '../../components/DataTable';
import { Markdown } from '../chat/Markdown';
import { asSchema, labelOf, labelOfValue } from './form_field';

/** Values of JSON in the order and under the names of their schema. Texts of a model are untrusted Markdown. */
export function ResultView({ schema, value }: { schema: JsonSchema; value: Record<string, unknown> }) {
  return (
    <div className="result">
      {entriesOf(schema, value).map(({ name, label, each, inner }) => (
        <section aria-label={label} className="result-part" key={name}>
          <h3>{label}</h3>
          <Value label={label} schema={each} value={inner} />
        </section>
      ))}
    </div>
  );
}

function Value({ schema, value, label }: { schema: JsonSchema; value: unknown; label: string }) {
  if (typeof value === 'string') {
    return (
      <div className="result-text">
        <Markdown text={value} />
      </div>
    );
  }
  if (Array.isArray(value)) return <List items={value} label={label} schema={asSchema(schema.items)} />;
  if (typeof value === 'object' && value !== null) {
    return (
      <div className="result-values">
        {entriesOf(schema, asSchema(value)).map(({ name, label: inside, each, inner }) => (
          <div className="result-part" key={name}>
            <b>{inside}</b>
            <Value label={inside} schema={each} value={inner} />
          </div>
        ))}
      </div>
    );
  }
  return <p>{typeof value === 'number' || typeof value === 'boolean' ? labelOfValue(value) : '–'}</p>;
}

function List({ items, schema, label }: { items: unknown[]; schema: JsonSchema; label: string }) {
  if (items.length === 0) return <p className="soft">None.</p>;
  const rows = items.map((item, place) => ({ item, place }));
  const columns = tableColumns(schema, items);
  if (columns)
    return <DataTable columns={columns} label={label} rowKey={({ place }) => String(place)} rows={rows} />;
  return (
    <ol>
      {rows.map(({ item, place }) => (
        <li key={place}>
          <Value label={`${label} ${place + 1}`} schema={schema} value={item} />
        </li>
      ))}
    </ol>
  );
}

/** Beyond these a table is harder to read than a list. */
const mostColumns = 4;
const longestCell = 80;

function tableColumns(
  schema: JsonSchema,
  items: readonly unknown[],
): Column<{ item: unknown; place: number }>[] | null {
  const names = Object.keys(asSchema(schema.properties));
  const fits = items.every((item) =>
    Object.values(asSchema(item)).every(
      (value) => typeof value !== 'object' && String(value).length <= longestCell,
    ),
  );
  if (names.length < 2 || names.length > mostColumns || !fits) return null;
  return names.map((name) => ({
    key: name,
    head: labelOf(name, asSchema(asSchema(schema.properties)[name])),
    cell: ({ item }) => {
      const value = asSchema(item)[name];
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? labelOfValue(value)
        : '–';
    },
  }));
}

function entriesOf(schema: JsonSchema, value: Record<string, unknown>) {
  const properties = asSchema(schema.properties);
  const known = Object.keys(properties).filter((name) => Object.hasOwn(value, name));
  const others = Object.keys(value).filter((name) => !Object.hasOwn(properties, name));
  return [...known, ...others].map((name) => {
    const each = asSchema(properties[name]);
    return { name, each, label: labelOf(name, each), inner: value[name] };
  });
}
