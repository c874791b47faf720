import type { ModuleSummary } from '@raptscallions/zod-schemas/hook.zod';

type Json = ModuleSummary['defaults'][string];

/** One setting of a module, as its JSON Schema describes it; `other` can only be written as JSON. */
export type ConfigField = { name: string; title: string; hint: string | null } & (
  | { kind: 'choice'; options: string[] }
  | { kind: 'choices'; options: string[] }
  | { kind: 'lines' }
  | { kind: 'switch' }
  | { kind: 'number'; least: number | undefined; most: number | undefined }
  | { kind: 'text'; longest: number | undefined }
  | { kind: 'other' }
);

/** The fields of a config, in the order of its schema. */
export function readConfigFields(schema: Record<string, Json>): ConfigField[] {
  return Object.entries(objectOf(schema.properties)).map(([name, property]) => {
    const part = objectOf(property);
    const head = { name, title: textOf(part.title) ?? name, hint: textOf(part.description) };
    const options = textsOf(part.enum);
    if (options) return { ...head, kind: 'choice', options };
    if (part.type === 'boolean') return { ...head, kind: 'switch' };
    if (part.type === 'number' || part.type === 'integer') {
      return { ...head, kind: 'number', least: numberOf(part.minimum), most: numberOf(part.maximum) };
    }
    if (part.type === 'string') return { ...head, kind: 'text', longest: numberOf(part.maxLength) };
    if (part.type === 'array') {
      const items = objectOf(part.items);
      const choices = textsOf(items.enum);
      if (choices) return { ...head, kind: 'choices', options: choices };
      if (items.type === 'string') return { ...head, kind: 'lines' };
    }
    return { ...head, kind: 'other' };
  });
}

/** What differs from what counts anyway: only that is a place's own. */
export function ownConfig(
  config: Record<string, Json>,
  inherited: Record<string, Json>,
): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(config).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(inherited[name]),
    ),
  );
}

function objectOf(value: Json | undefined): Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function textsOf(value: Json | undefined): string[] | null {
  return Array.isArray(value) && value.length > 0 ? value.map(String) : null;
}
