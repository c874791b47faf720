/** PostgreSQL's text and JSON hold neither NUL nor half a surrogate pair. */
const loneSurrogates = /\p{Surrogate}/gu;

/** `text` with whatever PostgreSQL cannot hold shown as the replacement character. */
export function toStorableText(text: string): string {
  return text.replaceAll('\0', '\ufffd').replace(loneSurrogates, '\ufffd');
}
