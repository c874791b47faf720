import { defineModule } from '@raptscallions/module-sdk/define_module';
import type { Json } from '@raptscallions/module-sdk/hook_context';
import { findPersonalData, type Kind, kinds } from './find_personal_data';

const words: Record<Kind, string> = {
  email: 'e-mail address',
  phone: 'phone number',
  card: 'card number',
  iban: 'bank account',
  ssn: 'social security number',
  licence: 'document number',
  ip: 'network address',
  address: 'address',
  birthdate: 'date of birth',
  name: 'name',
};

type Config = { [key: string]: unknown };
type Form = { [key: string]: Json };

/** Masks one text after the other, and remembers what it has found in all of them. */
function openMask({ kinds: chosen }: Config) {
  const wanted = kinds.filter((kind) => Array.isArray(chosen) && chosen.includes(kind));
  const found: Kind[] = [];
  function mask(text: string): string {
    let masked = '';
    let at = 0;
    for (const { kind, from, to } of findPersonalData(text, wanted)) {
      found.push(kind);
      masked += `${text.slice(at, from)}[${words[kind]}]`;
      at = to;
    }
    return masked + text.slice(at);
  }
  return { found, mask };
}

/** Names of fields that ask for a number to call: by itself a number says nothing of what it is. */
const asksForPhone = /(?:^|[^a-z])(?:(?:tele|cell)?phone|mobile|tel|fax|whatsapp|sms)(?:[^a-z]|$)/i;

type Masked = {
  data: Form;
  /** a number was found too, in whose place no label fits */
  unmaskable: boolean;
};

/** Every text and number in what a form holds; names of fields are the tool's. */
function maskData(form: Form, mask: (text: string) => string): Masked {
  let unmaskable = false;
  function maskValue(value: Json, field: string): Json {
    if (typeof value === 'string') return mask(value);
    if (typeof value === 'number') {
      const read = `${asksForPhone.test(field) ? 'phone: ' : ''}${value}`;
      if (mask(read) !== read) unmaskable = true;
      return value;
    }
    if (Array.isArray(value)) return value.map((item) => maskValue(item, field));
    return typeof value === 'object' && value !== null ? maskForm(value) : value;
  }
  function maskForm(part: Form): Form {
    const words = (name: string) => name.replace(/([a-z])([A-Z])/g, '$1 $2');
    return Object.fromEntries(
      Object.entries(part).map(([name, value]) => [name, maskValue(value, words(name))]),
    );
  }
  return { data: maskForm(form), unmaskable };
}

function judge(
  mode: unknown,
  found: Kind[],
  modifications: { text?: string; data?: Form },
  unmaskable = false,
) {
  if (found.length === 0) return undefined;
  const names = [...new Set(found)];
  // Which kinds, never what: the log is not the place for it either.
  const audit = { kinds: names, count: found.length };
  if (mode === 'detect') return { kind: 'continue' as const, audit };
  if (mode !== 'block' && !unmaskable) return { kind: 'continue' as const, modifications, audit };
  const reason = `This looks personal: ${names.map((kind) => words[kind]).join(', ')}. Please write it without that.`;
  return { kind: 'block' as const, reason, audit };
}

function lookAt(text: string, mode: unknown, config: Config) {
  if (mode === 'off') return undefined;
  const { found, mask } = openMask(config);
  const masked = mask(text);
  return judge(mode, found, { text: masked });
}

function lookInto(data: Form, mode: unknown, config: Config) {
  if (mode === 'off') return undefined;
  const { found, mask } = openMask(config);
  const masked = maskData(data, mask);
  return judge(mode, found, { data: masked.data }, masked.unmaskable);
}

export default defineModule({
  'chat:before_ai': ({ text, config }) => lookAt(text, config.question, config),
  'chat:after_ai': ({ text, config }) => lookAt(text, config.answer, config),
  'product:before_ai': ({ data, config }) => lookInto(data, config.question, config),
  'product:after_ai': ({ data, config }) => lookInto(data, config.answer, config),
});
