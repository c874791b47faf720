import { RE2JS } from 're2js';
import { checkFormat } from './check_format';

/** A schema as `checkJsonSchema` lets it pass. */
export type JsonSchema = Record<string, unknown>;
/** What does not fit, where, and what to do about it in a sentence. */
export type ValueFlaw = { path: (string | number)[]; message: string };

const mostFlaws = 50;

/**
 * Holds a value of JSON against a schema: what a pupil filled in, and what the AI made of it, in the browser and on
 * the server alike. It interprets: a validator that compiles needs `eval`, which the pages forbid. Patterns run in
 * linear time, since whoever writes them and whoever fills in what they meet are not the same.
 * @returns every flaw at its place, at most fifty; none when the value fits
 */
export function checkValue(schema: unknown, value: unknown, path: (string | number)[] = []): ValueFlaw[] {
  if (schema === true || schema === undefined) return [];
  if (schema === false) return [{ path, message: 'Nothing may stand here.' }];
  if (!isMap(schema)) return [];
  const flaw = (message: string): ValueFlaw[] => [{ path, message }];
  const types = typesOf(schema);
  if (types && !types.some((type) => isOfType(value, type))) return flaw(askForType(types));
  if (Array.isArray(schema.enum) && !schema.enum.some((each) => sameJson(each, value)))
    return flaw(`Choose one of ${listOf(schema.enum)}.`);
  if ('const' in schema && !sameJson(schema.const, value)) return flaw(`This must be ${show(schema.const)}.`);
  const own =
    typeof value === 'string'
      ? checkText(schema, value).flatMap(flaw)
      : typeof value === 'number'
        ? checkNumber(schema, value).flatMap(flaw)
        : Array.isArray(value)
          ? checkList(schema, value, path)
          : isMap(value)
            ? checkGroup(schema, value, path)
            : [];
  return [...own, ...checkCombined(schema, value, path)].slice(0, mostFlaws);
}

export function typesOf(schema: JsonSchema): string[] | undefined {
  if (typeof schema.type === 'string') return [schema.type];
  return Array.isArray(schema.type) ? schema.type.map(String) : undefined;
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'object':
      return isMap(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'null':
      return value === null;
    case 'string':
      return typeof value === 'string';
    default:
      return typeof value === 'boolean' && type === 'boolean';
  }
}

const wanted: Record<string, string> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'yes or no',
  object: 'a group of fields',
  array: 'a list',
  null: 'nothing',
};

function askForType(types: string[]): string {
  return `This must be ${types.map((type) => wanted[type] ?? type).join(' or ')}.`;
}

function checkText(schema: JsonSchema, value: string): string[] {
  const flaws: string[] = [];
  const length = [...value].length;
  const { minLength, maxLength, pattern, format } = schema;
  if (typeof minLength === 'number' && length < minLength)
    flaws.push(
      minLength === 1
        ? 'Write something here.'
        : `Write at least ${minLength} characters; these are ${length}.`,
    );
  if (typeof maxLength === 'number' && length > maxLength)
    flaws.push(`Write at most ${maxLength} characters; these are ${length}.`);
  if (typeof pattern === 'string' && compilePattern(pattern)?.test(value) === false)
    flaws.push('This does not look as it should.');
  if (typeof format === 'string') {
    const wrong = checkFormat(format, value);
    if (wrong) flaws.push(wrong);
  }
  return flaws;
}

function checkNumber(schema: JsonSchema, value: number): string[] {
  const flaws: string[] = [];
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  if (typeof minimum === 'number' && value < minimum) flaws.push(`This must be at least ${minimum}.`);
  if (typeof maximum === 'number' && value > maximum) flaws.push(`This must be at most ${maximum}.`);
  if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum)
    flaws.push(`This must be more than ${exclusiveMinimum}.`);
  if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum)
    flaws.push(`This must be less than ${exclusiveMaximum}.`);
  if (typeof multipleOf === 'number' && multipleOf > 0) {
    const times = value / multipleOf;
    // 0.3 is three times 0.1, whatever floating point says.
    if (Math.abs(times - Math.round(times)) > 1e-9) flaws.push(`This must be a multiple of ${multipleOf}.`);
  }
  return flaws;
}

function checkList(schema: JsonSchema, value: unknown[], path: (string | number)[]): ValueFlaw[] {
  const flaws: ValueFlaw[] = [];
  const { minItems, maxItems, uniqueItems, items } = schema;
  if (typeof minItems === 'number' && value.length < minItems)
    flaws.push({ path, message: `Give at least ${minItems} here.` });
  if (typeof maxItems === 'number' && value.length > maxItems)
    flaws.push({ path, message: `Give at most ${maxItems} here.` });
  if (uniqueItems === true) {
    const seen = new Set<string>();
    value.forEach((each, at) => {
      const key = canonical(each);
      if (seen.has(key)) flaws.push({ path: [...path, at], message: 'This stands in the list already.' });
      seen.add(key);
    });
  }
  if (items !== undefined)
    for (const [at, each] of value.entries()) {
      flaws.push(...checkValue(items, each, [...path, at]));
      if (flaws.length >= mostFlaws) break;
    }
  return flaws;
}

function checkGroup(
  schema: JsonSchema,
  value: Record<string, unknown>,
  path: (string | number)[],
): ValueFlaw[] {
  const flaws: ValueFlaw[] = [];
  const properties = isMap(schema.properties) ? schema.properties : {};
  const names = Object.keys(value);
  const { minProperties, maxProperties, required } = schema;
  if (typeof minProperties === 'number' && names.length < minProperties)
    flaws.push({ path, message: `Fill in at least ${minProperties} fields.` });
  if (typeof maxProperties === 'number' && names.length > maxProperties)
    flaws.push({ path, message: `Fill in at most ${maxProperties} fields.` });
  for (const name of Array.isArray(required) ? required : [])
    if (typeof name === 'string' && !Object.hasOwn(value, name))
      flaws.push({ path: [...path, name], message: 'This is needed.' });
  for (const name of names) {
    const known = Object.hasOwn(properties, name);
    const inside = [...path, name];
    if (known) flaws.push(...checkValue(properties[name], value[name], inside));
    else if (schema.additionalProperties === false)
      flaws.push({ path: inside, message: `“${name}” is not one of the fields.` });
    else if (schema.additionalProperties !== undefined)
      flaws.push(...checkValue(schema.additionalProperties, value[name], inside));
    if (flaws.length >= mostFlaws) break;
  }
  return flaws;
}

function checkCombined(schema: JsonSchema, value: unknown, path: (string | number)[]): ValueFlaw[] {
  const { anyOf, oneOf, allOf, not } = schema;
  const flaws: ValueFlaw[] = [];
  if (Array.isArray(allOf)) for (const each of allOf) flaws.push(...checkValue(each, value, path));
  if (Array.isArray(anyOf) && !anyOf.some((each) => checkValue(each, value, path).length === 0))
    flaws.push({ path, message: 'This fits none of what is allowed here.' });
  if (Array.isArray(oneOf)) {
    const fits = oneOf.filter((each) => checkValue(each, value, path).length === 0).length;
    if (fits !== 1)
      flaws.push({
        path,
        message:
          fits === 0
            ? 'This fits none of what is allowed here.'
            : 'This fits more than one of what is allowed here.',
      });
  }
  if (not !== undefined && checkValue(not, value, path).length === 0)
    flaws.push({ path, message: 'This is not allowed here.' });
  return flaws;
}

const patterns = new Map<string, RE2JS | null>();
const patternsKept = 200;

/** Null for a pattern that cannot be read in linear time, such as one that looks ahead. */
export function compilePattern(pattern: string): RE2JS | null {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  const [oldest] = patterns.keys();
  if (patterns.size >= patternsKept && oldest !== undefined) patterns.delete(oldest);
  let compiled: RE2JS | null = null;
  try {
    compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
  } catch {
    // told where the schema is written
  }
  patterns.set(pattern, compiled);
  return compiled;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Equal JSON has equal text, whatever the order of the keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isMap(value)) return JSON.stringify(value) ?? 'null';
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
}

function sameJson(a: unknown, b: unknown): boolean {
  return a === b || canonical(a) === canonical(b);
}

function show(value: unknown): string {
  return typeof value === 'string' ? `“${value}”` : canonical(value);
}

function listOf(values: readonly unknown[]): string {
  const shown = values.slice(0, 8).map(show);
  return values.length > 8 ? `${shown.join(', ')} and ${values.length - 8} more` : shown.join(', ');
}
