/** A piece of personal data in a text; `to` is the first character after it. */
export type Found = { kind: Kind; from: number; to: number };
export type Kind = (typeof kinds)[number];
export const kinds = [
  'email',
  'iban',
  'card',
  'ssn',
  'ip',
  'licence',
  'birthdate',
  'address',
  'phone',
  'name',
] as const;

const word = "\\p{Lu}[\\p{L}\\p{M}.’'-]*";
const street =
  'Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Court|Ct|Boulevard|Blvd|Way|Place|Pl|Terrace|Crescent|Close|Square|Row|Highway|Hwy|Parkway|Pkwy|Trail|Circle|Loop|Alley|Walk|Gardens|Grove|Mews';
/** Ends of street names that are written in one word, in the languages of our schools. */
const streetWord =
  '\\p{Lu}[\\p{L}-]*(?:stra(?:ss|ß)e|str\\.|gasse|weg|platz|allee|gatan|gata|gate|vägen|vej|vejen|vænget|veien|gade|katu|tie|kuja|tänav|straat|laan|plein|utca|laugavegur)';
const streetLead =
  'Rua|Av|Via|Viale|Calle|Rue|Avenida|Av\\.|Avenue|Piazza|Plaza|Ulica|ul\\.|Carrer|Strada|Place de|Chemin|Boulevard';
const unit = '(?:Apt|Apartment|Suite|Unit|Flat|Ste)\\.?\\s*#?\\d{1,5}[A-Za-z]?';

const addresses = [
  // 14 Crown Street, 1600 N Main St Apt. 4
  `\\b\\d{1,6}[A-Za-z]?,?\\s+(?:[NSEW]\\.?\\s+)?(?:${word}\\s+|\\d{1,3}(?:st|nd|rd|th)\\s+){1,4}(?:${street})\\b\\.?(?:,?\\s+${unit})?`,
  // Brucker Bundesstrasse 31, Puruntie 82
  `(?<!\\p{L})(?:${word}\\s+){0,2}${streetWord}\\s+\\d{1,5}[A-Za-z]?\\b`,
  `\\b\\d{1,5}\\s+(?:${word}\\s+){0,2}${streetWord}(?!\\p{L})`,
  // Passauer Strasse 33, Kálmán Imre u. 12
  `(?<!\\p{L})(?:${word}\\s+){1,3}(?:Stra(?:ss|ß)e|Allee|Platz|Weg|tér|út|u\\.|utca|kapu)\\s+\\d{1,4}\\b`,
  // Rua do Arenque 1634
  `(?<!\\p{L})(?:${streetLead})\\s+(?:(?:d[aeio]s?|del|della|la|le|les|des)\\s+)*${word}(?:\\s+${word}){0,3},?\\s+\\d{1,5}\\b`,
  '\\bP\\.?\\s?O\\.?\\s?Box\\s+\\d{1,6}\\b',
  '\\bPSC\\s+\\d{1,5},?\\s+Box\\s+\\d{1,5}\\b',
  `\\b${unit}\\b`,
].map((source) => new RegExp(source, 'gu'));
/** What follows is where somebody lives, whatever it looks like: up to the end of the clause. */
const homeIs =
  /\b(?:(?:i|we|they)\s+live\s+(?:at|in)|lives\s+(?:at|on)|my (?:new |home )?address(?:es)? (?:is|are):?|(?:home |new |billing )?address:)\s+(?=[^.!?\n]{0,60}\d)(?!\d+\s*(?:years|grade|more|of)\b)/giu;

const email = /[\p{L}\d._%+-]{1,64}@(?:[\p{L}\d-]{1,63}\.)+\p{L}{2,24}/gu;
const spelledEmail =
  /\b[\w.-]{2,40}\s*(?:\(at\)|\[at\]| at )\s*[\w-]{2,40}\s*(?:\(dot\)|\[dot\]| dot )\s*(?:com|org|net|edu|de|fr|uk|es|it|nl)\b/gi;
const iban = /\b[a-z]{2}\d{2}(?:\s?[a-z\d]{4}){2,7}(?:\s?[a-z\d]{1,4})?\b/gi;
const card = /(?<![\d.,])\d(?:[ -]?\d){11,18}(?![\d.,]*\d)/g;
const ssn = /(?<![\d-])(?!000|666)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])/g;
const ipv4 = /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]*\d)/g;
const ipv6 = /(?<![\w:])(?:[\da-f]{1,4}:){3,7}(?::?[\da-f]{1,4}){1,4}(?![\w:])/gi;
const licence = /\b(?:licen[cs]e|passport|id card)\b[^.!?\n\d]{0,30}?((?:[a-z]{0,2}\d)[\d-]{5,14})\b/dgi;
const months = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
const date = `(?:\\d{1,2}[./-]\\d{1,2}[./-]\\d{2,4}|\\d{4}-\\d{2}-\\d{2}|(?:\\d{1,2}(?:st|nd|rd|th)?\\s+(?:of\\s+)?)?(?:${months})[a-z]*\\.?\\s*(?:\\d{1,2}(?:st|nd|rd|th)?)?,?\\s*(?:\\d{4})?)`;
const birthdate = new RegExp(
  `\\b(?:(?:i (?:was|am)|i'm) born|my birthday|date of birth|d\\.?o\\.?b\\.?)\\b[^.!?\\n\\d]{0,20}?(${date})`,
  'dgi',
);
// Somebody says their own name; names in a story or a sum stay.
const ownName = new RegExp(
  `\\b(?:[Mm]y (?:full |real )?name(?: is|'s|’s|:)|I(?: am|'m|’m) called|[Cc]all me|[Nn]ame:)\\s+(${word}(?:\\s+${word}){0,3})`,
  'dgu',
);

const phone =
  /(?<![\p{L}\d.,$£€=×÷*^_/-])(?:\+\s?)?\(?\d(?:[\d\s().\-/]{4,20})\d(?:\s?(?:x|ext\.?)\s?\d{1,6})?(?![\p{L}\d%€$£^*=]|[.,]\d)/gu;
const phoneContext =
  /(?:phone|mobile|cell|tel|fax|number|whatsapp|registered|call|text|ring|reach|answering|sms|signal|contact|messages? to|numéro|teléfono|nummer)(?:[^\n]{0,30}|[^\n]{0,3}\n\n?)$/i;

/**
 * Finds what could lead to a person. Looks at shape, check digits and the words before it: a text about sums is
 * full of numbers that are nobody's.
 */
export function findPersonalData(text: string, wanted: readonly Kind[] = kinds): Found[] {
  const found: Found[] = [];
  const add = (kind: Kind, from: number, to: number) => {
    if (!wanted.includes(kind)) return;
    if (!found.some((other) => from < other.to && other.from < to)) found.push({ kind, from, to });
  };
  const addAll = (
    kind: Kind,
    pattern: RegExp,
    isOne: (match: string, at: number) => boolean = () => true,
  ) => {
    for (const { 0: match, index } of text.matchAll(pattern))
      if (isOne(match, index)) add(kind, index, index + match.length);
  };
  const addGroup = (kind: Kind, pattern: RegExp) => {
    for (const { indices } of text.matchAll(pattern)) {
      const [from, to] = indices?.[1] ?? [];
      if (from !== undefined && to !== undefined) add(kind, from, to);
    }
  };

  addAll('email', email);
  addAll('email', spelledEmail);
  addAll('iban', iban, (match) => isIban(match.replace(/\s/g, '')));
  addAll('ssn', ssn);
  addAll('card', card, (match) => isCard(match.replace(/\D/g, '')));
  addAll(
    'ip',
    ipv4,
    (_, at) => !/(?:version|section|chapter|v)\s*$/i.test(text.slice(Math.max(0, at - 10), at)),
  );
  addAll('ip', ipv6);
  addGroup('licence', licence);
  addGroup('birthdate', birthdate);
  addGroup('name', ownName);
  for (const { 0: lead, index } of text.matchAll(homeIs)) {
    const from = index + lead.length;
    const [clause = ''] = /^[^.!?\n;]{3,90}/u.exec(text.slice(from)) ?? [];
    add('address', from, from + clause.trimEnd().length);
  }
  for (const pattern of addresses) addAll('address', pattern);
  addAll('phone', phone, (match, at) =>
    isPhone(match, text.slice(Math.max(0, at - 60), at), text.slice(at + match.length)),
  );
  return found.sort((a, b) => a.from - b.from);
}

function isPhone(match: string, before: string, after: string): boolean {
  const digits = match.replace(/(?:x|ext).*$/i, '').replace(/\D/g, '');
  if (digits.length < 7 || digits.length > 15 || match.includes('\n')) return false; // a list of numbers
  // Part of a sum, a list of numbers, or a range of years.
  if (/[=+*×÷^]\s*$/.test(before) || /^\s*[=+*×÷^]/.test(after)) return false;
  if (
    /^\d{4}\s*-\s*\d{2}(?:-\d{2})?$|^[12]\d{3}\s*[-/]\s*[12]\d{3}$|^\d{1,2}[./-]\d{1,2}[./-]\d{4}$/.test(
      match,
    )
  )
    return false;
  if (/\d\s*[/-]\s+\d|\d\s+[/-]\s*\d|\)\s*\(|\d\/\d/.test(match)) return false;
  if (/^\+/.test(match) || phoneContext.test(before)) return true;
  const groups = match.split(/[\s().-]+/).filter((group) => group !== '');
  const sizes = groups.map((group) => group.length).join('-');
  if (/^\(\d{2,4}\)/.test(match)) return digits.length >= 8;
  if (/^(?:3-3-4|3-4|4-3-3|4-3-4|5-6|5-3-3|2-2-2-2|2-2-2-2-2|4-2-2-2|3-2-2-2|4-3-2-2)$/.test(sizes)) {
    return (
      match.includes('-') ||
      match.includes('.') ||
      groups[0]?.startsWith('0') === true ||
      sizes.startsWith('2-2')
    );
  }
  return false;
}

/** Luhn, and the first digits card companies use. */
function isCard(digits: string): boolean {
  if (digits.length < 12 || digits.length > 19 || !/^[1-6]/.test(digits) || /^(\d)\1+$/.test(digits))
    return false;
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** ISO 13616: the country and check digits go to the end, letters count from 10, and the rest by 97 is 1. */
function isIban(text: string): boolean {
  if (text.length < 15 || text.length > 34) return false;
  const moved = (text.slice(4) + text.slice(0, 4)).toUpperCase();
  let rest = 0;
  for (const letter of moved) {
    const value = Number.parseInt(letter, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
