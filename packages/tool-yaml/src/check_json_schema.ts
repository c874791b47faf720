import { nearestName } from './nearest_name';

/** Something wrong in a JSON Schema; `instead` is what certainly was meant by the value there. */
export type SchemaFlaw = { path: (string | number)[]; message: string; instead?: string };

/** What a form, its validation and the prompt make use of. Any other word would be a rule unheard. */
const words = [
  ...['type', 'title', 'description', 'default', 'examples', 'enum', 'const', '$comment', '$schema'],
  ...['properties', 'required', 'additionalProperties', 'minProperties', 'maxProperties'],
  ...['items', 'minItems', 'maxItems', 'uniqueItems', 'minLength', 'maxLength', 'pattern', 'format'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['anyOf', 'oneOf', 'allOf', 'not'],
];
const longestPattern = 500;
/** Looking ahead or behind and going back to a group: these cannot be matched in linear time. */
const unbounded = /\(\?<?[=!]|\\[1-9]|\\k</;

const typeNames = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
const otherWords = new Map([
  ['text', 'string'],
  ['str', 'string'],
  ['int', 'integer'],
  ['float', 'number'],
  ['decimal', 'number'],
  ['bool', 'boolean'],
  ['list', 'array'],
  ['map', 'object'],
  ['dict', 'object'],
]);

/**
 * Checks what a form and its validation rely on: an object at the top, known types, properties that are
 * schemas, required names that exist. `$ref` is refused: it could point anywhere, itself included.
 */
export function checkJsonSchema(schema: Record<string, unknown>): SchemaFlaw[] {
  const flaws = checkPart(schema, []);
  if (schema.type === undefined) {
    flaws.push({ path: [], message: 'It must say “type: object” and list its properties.' });
  } else if (schema.type !== 'object' && !flaws.some((flaw) => flaw.path[0] === 'type')) {
    flaws.push({ path: ['type'], message: 'The type at the top must be object.', instead: 'object' });
  } else if (schema.properties === undefined) {
    flaws.push({ path: [], message: 'It must list its properties.' });
  }
  return flaws;
}

function checkPart(part: unknown, path: (string | number)[]): SchemaFlaw[] {
  if (typeof part === 'boolean') return [];
  if (!isMap(part)) return [{ path, message: 'Here a schema must stand, such as { type: string }.' }];
  const flaws: SchemaFlaw[] = [];
  if ('$ref' in part)
    flaws.push({
      path: [...path, '$ref'],
      message: 'References ($ref) cannot be used. Write the shape out.',
    });
  for (const key of Object.keys(part)) {
    // A school's own notes may stand anywhere, as OpenAPI has them.
    if (words.includes(key) || key === '$ref' || key.startsWith('x-')) continue;
    const near = nearestName(key, words);
    const message = `“${key}” is not a word of a schema here.${near ? ` Did you mean ${near}?` : ''}`;
    flaws.push({ path: [...path, key], message });
  }
  flaws.push(...checkPattern(part.pattern, [...path, 'pattern']));
  if ('type' in part) flaws.push(...checkType(part.type, [...path, 'type']));
  if ('enum' in part && !(Array.isArray(part.enum) && part.enum.length > 0)) {
    flaws.push({ path: [...path, 'enum'], message: 'enum must be a list of the values that are allowed.' });
  }
  const properties = isMap(part.properties) ? part.properties : {};
  if (part.properties !== undefined && !isMap(part.properties)) {
    flaws.push({
      path: [...path, 'properties'],
      message: 'properties must be a group of keys, one for each field.',
    });
  }
  for (const [name, property] of Object.entries(properties))
    flaws.push(...checkPart(property, [...path, 'properties', name]));
  if (part.required !== undefined)
    flaws.push(...checkRequired(part.required, properties, [...path, 'required']));
  for (const key of ['items', 'additionalProperties', 'not'] as const) {
    if (part[key] !== undefined) flaws.push(...checkPart(part[key], [...path, key]));
  }
  for (const key of ['anyOf', 'oneOf', 'allOf'] as const) {
    const list = part[key];
    if (Array.isArray(list))
      list.forEach((one, index) => {
        flaws.push(...checkPart(one, [...path, key, index]));
      });
    else if (list !== undefined)
      flaws.push({ path: [...path, key], message: `${key} must be a list of schemas.` });
  }
  return flaws;
}

function checkPattern(pattern: unknown, path: (string | number)[]): SchemaFlaw[] {
  if (pattern === undefined) return [];
  if (typeof pattern !== 'string' || pattern.length > longestPattern)
    return [{ path, message: `pattern must be text of up to ${longestPattern} characters.` }];
  if (unbounded.test(pattern))
    return [{ path, message: 'A pattern cannot look ahead, look behind or repeat what a group has found.' }];
  try {
    new RegExp(pattern, 'u');
    return [];
  } catch {
    return [
      { path, message: 'This pattern cannot be read: a bracket may be open, or a sign may need a \\.' },
    ];
  }
}

function checkType(type: unknown, path: (string | number)[]): SchemaFlaw[] {
  if (Array.isArray(type) && type.length > 0)
    return type.flatMap((one, index) =>
      Array.isArray(one) ? [{ path, message: sentence }] : checkType(one, [...path, index]),
    );
  if (typeof type === 'string' && typeNames.includes(type)) return [];
  const word = typeof type === 'string' ? type.toLowerCase() : '';
  return [{ path, message: sentence, instead: typeNames.includes(word) ? word : otherWords.get(word) }];
}
const sentence = `type must be one of ${typeNames.slice(0, -1).join(', ')} or null.`;

function checkRequired(
  required: unknown,
  properties: Record<string, unknown>,
  path: (string | number)[],
): SchemaFlaw[] {
  if (!Array.isArray(required)) return [{ path, message: 'required must be a list of property names.' }];
  return required.flatMap((name, index) =>
    typeof name === 'string' && Object.hasOwn(properties, name)
      ? []
      : [
          {
            path: [...path, index],
            message: `“${String(name)}” is required here but is not one of the properties.`,
          },
        ],
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
