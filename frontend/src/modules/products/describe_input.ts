import type { JsonSchema } from '@raptscallions/tool-yaml/check_value';
import { asSchema, fieldKind } from './form_field';

/** The first text somebody wrote themselves says best which form it was. */
export function describeInput(schema: JsonSchema | null, input: Record<string, unknown>): string {
  const properties = Object.entries(asSchema(schema?.properties));
  const written = properties.filter(([, each]) => fieldKind(asSchema(each)).kind.startsWith('line'));
  const texts = [...written.map(([name]) => input[name]), ...Object.values(input)];
  const text = texts.find((value) => typeof value === 'string' && value.trim() !== '');
  if (typeof text !== 'string') return 'A form';
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
