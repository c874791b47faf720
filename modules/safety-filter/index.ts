import { defineModule } from '@raptscallions/module-sdk/define_module';
import type { Json } from '@raptscallions/module-sdk/hook_context';
import { type Category, categories, findDangers } from './find_dangers';

const told: Record<Category, { label: string; severity: 'attention' | 'alert' }> = {
  self_harm: {
    label: 'Wrote about harming themselves. Somebody should talk with this pupil soon.',
    severity: 'alert',
  },
  threat: { label: 'Wrote something that reads like a threat to others.', severity: 'alert' },
  grooming: { label: 'Somebody may be trying to gain this pupil’s trust for bad ends.', severity: 'alert' },
  bullying: { label: 'Wrote something that insults or bullies.', severity: 'attention' },
  sexual: { label: 'Wrote about sexual things.', severity: 'attention' },
  danger: { label: 'Asked how to do something dangerous or forbidden.', severity: 'attention' },
};
const reasons: Partial<Record<Category, string>> = {
  self_harm:
    'You are not in trouble. This was held back because it worries us. Please talk to a person you trust, today; your teacher can see that you wrote it.',
  bullying: 'This reads as if it could hurt somebody. Please write it in a kinder way.',
  threat: 'This reads like a threat, so it was held back. Your teacher can see that something was written.',
};
const answerHeld =
  'The answer had something in it that does not belong here, so it was held back. Please ask in another way.';

type Config = { [key: string]: unknown };

function findWanted(text: string, config: Config): Category[] {
  const { categories: chosen } = config;
  return findDangers(
    text,
    categories.filter((category) => Array.isArray(chosen) && chosen.includes(category)),
  );
}

/** All that a form holds, line by line. */
function textIn(value: Json): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textIn).join('\n');
  return typeof value === 'object' && value !== null ? Object.values(value).map(textIn).join('\n') : '';
}

function judgeQuestion(text: string, config: Config) {
  if (config.question === 'off') return undefined;
  const found = findWanted(text, config);
  const [first] = found;
  if (!first) return undefined;
  const noted = {
    extractions: found.map((kind) => ({ kind, ...told[kind] })),
    audit: { categories: found },
  };
  if (config.question !== 'block') return { kind: 'continue' as const, ...noted };
  // A school that has no words of its own leaves the field empty.
  const directResponse =
    (found.includes('self_harm') && String(config.selfHarmReply ?? '').trim()) || undefined;
  return { kind: 'block' as const, reason: reasons[first], directResponse, ...noted };
}

function judgeAnswer(text: string, config: Config) {
  if (config.answer === 'off') return undefined;
  const found = findWanted(text, config);
  if (found.length === 0) return undefined;
  const audit = { categories: found };
  return config.answer === 'block'
    ? { kind: 'block' as const, reason: answerHeld, audit }
    : { kind: 'continue' as const, audit };
}

export default defineModule({
  'chat:before_ai': ({ text, config }) => judgeQuestion(text, config),
  'chat:after_ai': ({ text, config }) => judgeAnswer(text, config),
  'product:before_ai': ({ data, config }) => judgeQuestion(textIn(data), config),
  'product:after_ai': ({ data, config }) => judgeAnswer(textIn(data), config),
});
