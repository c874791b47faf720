import { defineModule } from '@raptscallions/module-sdk/define_module';
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

function look(text: string, mode: unknown, { kinds: chosen }: Config) {
  if (mode === 'off') return undefined;
  const wanted = kinds.filter((kind) => Array.isArray(chosen) && chosen.includes(kind));
  const found = findPersonalData(text, wanted);
  if (found.length === 0) return undefined;
  const names = [...new Set(found.map(({ kind }) => kind))];
  // Which kinds, never what: the log is not the place for it either.
  const audit = { kinds: names, count: found.length };
  const listed = names.map((kind) => words[kind]).join(', ');
  if (mode === 'block') {
    const reason = `This looks personal: ${listed}. Please write your message without it.`;
    return { kind: 'block' as const, reason, audit };
  }
  if (mode === 'detect') return { kind: 'continue' as const, audit };
  let masked = '';
  let at = 0;
  for (const { kind, from, to } of found) {
    masked += `${text.slice(at, from)}[${words[kind]}]`;
    at = to;
  }
  return { kind: 'continue' as const, modifications: { text: masked + text.slice(at) }, audit };
}

export default defineModule({
  'chat:before_ai': ({ text, config }) => look(text, config.question, config),
  'chat:after_ai': ({ text, config }) => look(text, config.answer, config),
});
