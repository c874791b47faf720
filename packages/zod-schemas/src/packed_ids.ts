import { type IdPrefix, letterCodes, type RichId } from './rich_id';

/** Of every id 22 letters say something; the two after them keep what repeats at the same place, for compressors. */
const letters = 22;
const stride = 24;
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** by character code */
const sixBits = Array.from({ length: 123 }, (_, code) =>
  Math.max(0, base64.indexOf(String.fromCharCode(code))),
);
const nothing = 'A'.repeat(stride);
const padding = '==';

/**
 * Ids in one text, 24 letters each: base64 of the uuid's 16 bytes, zeros for null, with two of filling between one and
 * the next. A third shorter
 * than uuids between quotes, and nothing to look for between one and the next.
 */
export function packUuids(uuids: readonly (string | null)[]): string {
  const packed = uuids.map((uuid) => (uuid === null ? nothing : packUuid(uuid))).join('');
  return packed === '' ? '' : packed.slice(0, -padding.length) + padding;
}

function packUuid(uuid: string): string {
  let packed = '';
  let bits = 0;
  let count = 0;
  for (const digit of uuid.replaceAll('-', '')) {
    bits = (bits << 4) | Number.parseInt(digit, 16);
    count += 4;
    if (count < 6) continue;
    count -= 6;
    packed += base64[bits >> count];
    bits &= (1 << count) - 1;
  }
  return `${packed}${base64[bits << (6 - count)]}AA`;
}

/**
 * The inverse of {@link packUuids}, as the ids everybody but PostgreSQL uses. A first load turns hundreds of
 * thousands, so letters are written where they stand and become one string.
 */
export function unpackIds<P extends IdPrefix>(prefix: P, packed: string): (RichId<P> | null)[] {
  const codes = Array.from(`${prefix}-${'0'.repeat(26)}`, (letter) => letter.charCodeAt(0));
  const ids: (RichId<P> | null)[] = [];
  let last: RichId<P> | null = null;
  for (let at = 0; at + letters <= packed.length; at += stride) {
    if (at === 0 || !repeats(packed, at))
      last = isNothing(packed, at) ? null : read(codes, prefix, packed, at);
    ids.push(last);
  }
  return ids;
}

/** Whether an id is the one before it, as that of a class is on a list of its members. */
function repeats(packed: string, at: number): boolean {
  for (let place = at + letters - 1; place >= at; place--)
    if (packed.charCodeAt(place) !== packed.charCodeAt(place - stride)) return false;
  return true;
}

function isNothing(packed: string, at: number): boolean {
  for (let place = at + letters - 1; place >= at; place--) if (packed.charCodeAt(place) !== 65) return false;
  return true;
}

function read<P extends IdPrefix>(codes: number[], prefix: P, packed: string, from: number): RichId<P> {
  let place = prefix.length + 1;
  let bits = 0;
  let count = 2; // 128 bits in front of which two zeros make 26 letters
  for (let at = from; at < from + letters; at++) {
    bits = (bits << 6) | (sixBits[packed.charCodeAt(at)] ?? 0);
    count += 6;
    while (count >= 5 && place < codes.length) {
      count -= 5;
      codes[place++] = letterCodes[bits >> count] ?? 0;
      bits &= (1 << count) - 1;
    }
  }
  return String.fromCharCode.apply(null, codes) as RichId<P>;
}
