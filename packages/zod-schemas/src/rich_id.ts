import { z } from 'zod';

/**
 * A rich id is `{prefix}-{ULID}`: it says what it names, sorts by time, and is the only form an id has
 * outside PostgreSQL, where the same 128 bits are a uuid (version 7).
 */
export const idPrefixes = [
  'tenant',
  'user',
  'group',
  'groupmember',
  'class',
  'classmember',
  'tool',
  'toolversion',
  'assignment',
  'chat',
  'message',
  'run',
  'view',
  'promptview',
  'productview',
  'device',
  'refusal',
  'tasklog',
  'task',
  'authsession',
  'account',
  'verification',
  'notification',
  'auditentry',
  'erasure',
  'rostersource',
  'rosterrun',
  'modulesetting',
  'verdict',
  'note',
  'originalview',
  'signinlink',
] as const;
export type IdPrefix = (typeof idPrefixes)[number];
export type RichId<P extends IdPrefix = IdPrefix> = `${P}-${string}`;

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ulidPattern = '[0-7][0-9A-HJKMNP-TV-Z]{25}';
const letterValues = new Map([...alphabet].map((letter, value) => [letter, value]));
/** by their value, of five bits */
export const letterCodes = Array.from(alphabet, (letter) => letter.charCodeAt(0));
const hyphen = 45;
/** by character code */
const hexDigits = Array.from(
  { length: 103 },
  (_, code) => Number.parseInt(String.fromCharCode(code), 16) || 0,
);
const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const schemas = new Map<IdPrefix, z.ZodType>();
const prefixOfSchema = new Map<z.ZodType, IdPrefix>();

/** The zod schema of one kind of id; the same object on every call, so that {@link idPrefixOf} knows it. */
export function richId<P extends IdPrefix>(prefix: P): z.ZodType<RichId<P>, RichId<P>> {
  const known = schemas.get(prefix);
  if (known) return known as z.ZodType<RichId<P>, RichId<P>>;
  const schema = z.templateLiteral([
    `${prefix}-`,
    z.string().regex(new RegExp(`^${ulidPattern}$`), `must look like ${prefix}-01H2XVNZ7C9NXWK3TMCRD9QWMN`),
  ]);
  schemas.set(prefix, schema);
  prefixOfSchema.set(schema, prefix);
  return schema as z.ZodType<RichId<P>, RichId<P>>;
}

/** The prefix a schema stands for, looking through nullable and optional; undefined for any other schema. */
export function idPrefixOf(schema: z.ZodType): IdPrefix | undefined {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) {
    return idPrefixOf(schema.unwrap() as z.ZodType);
  }
  return prefixOfSchema.get(schema);
}

const anyId = new RegExp(`^([a-z]+)-(${ulidPattern})$`);

/** Thrown for text that is no id of the wanted kind. */
export class IdError extends Error {
  override name = 'IdError';
}

/**
 * A rich id as the uuid PostgreSQL stores.
 * @throws IdError when `id` is not a well-formed id with this prefix.
 */
export function uuidFromId(prefix: IdPrefix, id: string): string {
  const match = anyId.exec(id);
  if (match?.[1] !== prefix) throw new IdError(`expected an id of the kind ${prefix}-…`);
  const ulid = match[2] ?? '';
  let bits = 0;
  let count = -2; // 26 letters carry 130 bits; the two highest are always 0
  let hex = '';
  for (const letter of ulid) {
    bits = (bits << 5) | (letterValues.get(letter) ?? 0);
    count += 5;
    if (count >= 8) {
      count -= 8;
      hex += hexPairs[(bits >> count) & 0xff];
      bits &= (1 << count) - 1;
    }
  }
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * The uuid of a row as the id everybody but PostgreSQL uses. Lists turn hundreds, so the letters are written where
 * they stand and become one string: text put together piece by piece is copied again by whoever reads it first.
 * @throws IdError for text that is too short to be one
 */
export function idFromUuid<P extends IdPrefix>(prefix: P, uuid: string): RichId<P> {
  const draft = draftOf(prefix);
  // In a list of children the parent's id comes again and again.
  if (uuid === draft.uuid) return draft.id as RichId<P>;
  const { codes } = draft;
  let place = prefix.length + 1;
  let bits = 0;
  let count = 2; // 128 bits in front of which two zeros make 26 letters
  for (let at = 0; at < uuid.length && place < codes.length; at++) {
    const code = uuid.charCodeAt(at);
    if (code === hyphen) continue;
    bits = (bits << 4) | (hexDigits[code] ?? 0);
    count += 4;
    if (count >= 5) {
      count -= 5;
      codes[place++] = letterCodes[bits >> count] ?? 0;
      bits &= (1 << count) - 1;
    }
  }
  if (place < codes.length) throw new IdError('expected a uuid');
  draft.uuid = uuid;
  draft.id = String.fromCharCode.apply(null, codes);
  return draft.id as RichId<P>;
}

/** The last id of a kind, and the character codes it was made of. */
type Draft = { codes: number[]; uuid: string | null; id: string };
const drafts = new Map<IdPrefix, Draft>();

function draftOf(prefix: IdPrefix): Draft {
  const known = drafts.get(prefix);
  if (known) return known;
  const codes = Array.from(`${prefix}-${'0'.repeat(26)}`, (letter) => letter.charCodeAt(0));
  const draft = { codes, uuid: null, id: '' };
  drafts.set(prefix, draft);
  return draft;
}

let lastMs = 0;
let counter = 0;

/**
 * A fresh id, made in a browser or a server alike; ids of one process are in the order they were made.
 * @param now milliseconds since 1970; only tests and seeds give it
 */
export function newId<P extends IdPrefix>(prefix: P, now: number = Date.now()): RichId<P> {
  const random = crypto.getRandomValues(new Uint8Array(8));
  if (now > lastMs) {
    lastMs = now;
    counter = ((random[0] ?? 0) << 3) & 0x7ff;
  } else if (now === lastMs) {
    counter = (counter + 1) & 0xfff;
  }
  const count = now === lastMs ? counter : (((random[0] ?? 0) << 4) | (random[1] ?? 0)) & 0xfff;
  const tail = Array.from(random, (byte) => hexPairs[byte] ?? '00');
  tail[0] = hexPairs[((random[0] ?? 0) & 0x3f) | 0x80] ?? '80';
  const hex = now.toString(16).padStart(12, '0') + (0x7000 | count).toString(16) + tail.join('');
  return idFromUuid(prefix, hex);
}
