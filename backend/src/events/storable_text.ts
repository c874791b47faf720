/** PostgreSQL's text and JSON hold neither NUL nor half a surrogate pair. */
const loneSurrogates = /\p{Surrogate}/gu;

/** `text` with whatever PostgreSQL cannot hold shown as the replacement character. */
export function toStorableText(text: string): string {
  return text.replaceAll('\0', '\ufffd').replace(loneSurrogates, '\ufffd');
}

/** JSON with every text in it as PostgreSQL can hold it. @throws RangeError when it is nested too deep */
export function toStorable(value: unknown): unknown {
  if (typeof value === 'string') return toStorableText(value);
  if (Array.isArray(value)) return value.map(toStorable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [toStorableText(key), toStorable(inner)]),
  );
}
