/** What the practice model fills in for a form's result: of the right shape, the same each time, and in its own words. */
export function writeResult(schemaText: string): string {
  const schema: unknown = JSON.parse(schemaText);
  return JSON.stringify(valueFor(schema, 'result', 0), null, 2);
}

const deepest = 8;

function valueFor(schema: unknown, name: string, depth: number): unknown {
  if (!isMap(schema)) return `Practice text for ${name}`;
  const title = typeof schema.title === 'string' ? schema.title : name;
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const [branch] = [schema.anyOf, schema.oneOf].flatMap((list) => (Array.isArray(list) ? list : []));
  if (branch !== undefined) return valueFor(branch, title, depth + 1);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  const least = (key: string, otherwise: number) => {
    const value = schema[key];
    return typeof value === 'number' ? value : otherwise;
  };
  switch (type) {
    case 'object': {
      const properties = isMap(schema.properties) ? Object.entries(schema.properties) : [];
      const required = Array.isArray(schema.required) ? schema.required : [];
      // Deep down only what must be there, so that a shape that goes on and on comes to an end.
      const wanted = properties.filter(([key]) => depth < deepest || required.includes(key));
      return Object.fromEntries(wanted.map(([key, each]) => [key, valueFor(each, key, depth + 1)]));
    }
    case 'array': {
      const count = Math.min(Math.max(least('minItems', 2), 1), least('maxItems', 100));
      return Array.from({ length: count }, (_, at) =>
        valueFor(schema.items, schema.uniqueItems === true ? `${title} ${at + 1}` : title, depth + 1),
      );
    }
    case 'integer':
    case 'number': {
      const step = least('multipleOf', 1);
      const low = Math.max(
        least('minimum', 1),
        least('exclusiveMinimum', 0) + (type === 'integer' ? 1 : step),
      );
      const value = Math.ceil(low / step) * step;
      return Math.min(value, least('maximum', value));
    }
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return textFor(schema, title);
  }
}

const samples: Record<string, string> = {
  date: '2026-01-01',
  time: '12:00',
  'date-time': '2026-01-01T12:00:00Z',
  email: 'practice@school.example',
  uri: 'https://school.example/practice',
};

function textFor({ format, minLength, maxLength }: Record<string, unknown>, title: string): string {
  const sample = typeof format === 'string' ? samples[format] : undefined;
  const text = (sample ?? `Practice text for “${title}”: a rehearsal, not a real AI.`).padEnd(
    typeof minLength === 'number' ? minLength : 0,
    '.',
  );
  return typeof maxLength === 'number' ? [...text].slice(0, maxLength).join('') : text;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
