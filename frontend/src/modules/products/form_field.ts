import { type JsonSchema, typesOf } from '@raptscallions/tool-yaml/check_value';

export type Choice = { value: string | number | boolean | null; label: string };
type Scalar = Choice['value'];

/** How a part of a form is filled in. `json`: what no other field can say is written as JSON. */
export type FieldKind =
  | { kind: 'line'; input: 'text' | 'date' | 'time' | 'datetime-local' | 'email' | 'url' }
  | { kind: 'lines' }
  | { kind: 'number' }
  | { kind: 'truth' }
  | { kind: 'choice'; choices: Choice[] }
  | { kind: 'choices'; choices: Choice[] }
  | { kind: 'list'; items: JsonSchema }
  | { kind: 'group'; properties: [string, JsonSchema][]; required: ReadonlySet<string> }
  | { kind: 'json' };

/** Longer texts get room to be written in. */
const lineLength = 120;
const inputOf = {
  date: 'date',
  time: 'time',
  'date-time': 'datetime-local',
  email: 'email',
  uri: 'url',
} as const;

export function asSchema(value: unknown): JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** What a schema is filled in with. */
export function fieldKind(schema: JsonSchema): FieldKind {
  const choices = choicesOf(schema);
  if (choices) return { kind: 'choice', choices };
  const types = typesOf(schema)?.filter((type) => type !== 'null') ?? [];
  if (types.length !== 1) return { kind: 'json' };
  switch (types[0]) {
    case 'string': {
      const { format, maxLength, pattern } = schema;
      const input = typeof format === 'string' && isInput(format) ? inputOf[format] : undefined;
      if (input) return { kind: 'line', input };
      const short = typeof maxLength === 'number' ? maxLength <= lineLength : pattern !== undefined;
      return short ? { kind: 'line', input: 'text' } : { kind: 'lines' };
    }
    case 'integer':
    case 'number':
      return { kind: 'number' };
    case 'boolean':
      return { kind: 'truth' };
    case 'array': {
      const items = asSchema(schema.items);
      const each = schema.uniqueItems === true ? choicesOf(items) : undefined;
      return each ? { kind: 'choices', choices: each } : { kind: 'list', items };
    }
    case 'object': {
      const { properties } = schema;
      if (typeof properties !== 'object' || properties === null) return { kind: 'json' };
      const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
      return {
        kind: 'group',
        properties: Object.entries(properties).map(([name, each]) => [name, asSchema(each)]),
        required: new Set(required),
      };
    }
    default:
      return { kind: 'json' };
  }
}

function isInput(format: string): format is keyof typeof inputOf {
  return Object.hasOwn(inputOf, format);
}

/** The values of `enum`, or of branches that are one value each, with their titles. */
function choicesOf(schema: JsonSchema): Choice[] | undefined {
  if (Array.isArray(schema.enum) && schema.enum.every(isScalar))
    return schema.enum.map((value) => ({ value, label: labelOfValue(value) }));
  const branches = [schema.oneOf, schema.anyOf].find(Array.isArray);
  const choices = branches?.map(asSchema).flatMap((branch): Choice[] => {
    const { const: value, title } = branch;
    return isScalar(value) ? [{ value, label: typeof title === 'string' ? title : labelOfValue(value) }] : [];
  });
  return choices && choices.length > 0 && choices.length === branches?.length ? choices : undefined;
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

export function labelOfValue(value: Scalar): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  return value === null ? 'None' : String(value);
}

/** `title`, or the name made readable: `dueDate` and `due_date` are “Due date”. */
export function labelOf(name: string, schema: JsonSchema): string {
  if (typeof schema.title === 'string' && schema.title.trim()) return schema.title;
  const words = name.replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2').replace(/[_-]+/g, ' ');
  return words.charAt(0).toLocaleUpperCase() + words.slice(1).toLocaleLowerCase();
}

/** What stands in a form before anybody has written: the defaults, and room for what a list must have. */
export function initialValue(schema: JsonSchema): unknown {
  if ('default' in schema) return schema.default;
  const kind = fieldKind(schema);
  if (kind.kind === 'group') {
    const entries = kind.properties.map(([name, each]) => [name, initialValue(each)] as const);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }
  if (kind.kind === 'list' && typeof schema.minItems === 'number')
    return Array.from({ length: Math.min(schema.minItems, 20) }, () => initialValue(kind.items) ?? '');
  return undefined;
}

/** What is sent: fields left empty are left out, so that "needed" means what it says; numbers are numbers. */
export function readValue(schema: JsonSchema, value: unknown): unknown {
  const kind = fieldKind(schema);
  switch (kind.kind) {
    case 'group': {
      const given = asSchema(value);
      const entries = kind.properties.map(([name, each]) => [name, readValue(each, given[name])] as const);
      const filled = Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
      return Object.keys(filled).length > 0 || value !== undefined ? filled : undefined;
    }
    case 'list': {
      if (!Array.isArray(value) || value.length === 0) return undefined;
      // An item left empty stays, so that its place can be named.
      return value.map(
        (each) => readValue(kind.items, each) ?? (fieldKind(kind.items).kind === 'group' ? {} : ''),
      );
    }
    case 'choices':
      return Array.isArray(value) && value.length > 0 ? value : undefined;
    case 'number':
      return typeof value === 'string' ? readNumber(value) : value;
    case 'truth':
      return value === true;
    case 'json':
      return typeof value === 'string' ? readJson(value) : value;
    case 'line':
    case 'lines':
      return typeof value === 'string' && value.trim() === '' ? undefined : value;
    default:
      return value;
  }
}

/** What is no number stays text, and is then told to be none. */
function readNumber(text: string): number | string | undefined {
  const plain = text.trim().replace(',', '.');
  if (plain === '') return undefined;
  const number = Number(plain);
  return Number.isFinite(number) ? number : text;
}

function readJson(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
