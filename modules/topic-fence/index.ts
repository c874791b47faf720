import { defineModule } from '@raptscallions/module-sdk/define_module';
import { findStray } from './leaves_topic';

export default defineModule({
  'chat:before_ai': ({ text, config, tool, history }) => {
    const { mode, alsoAllowed } = config;
    const extra = Array.isArray(alsoAllowed) ? alsoAllowed.map(String) : [];
    const topics = tool?.topics ?? [];
    const stray = findStray(text, {
      topics,
      about: [...extra, tool?.name ?? '', tool?.subject ?? '', tool?.behavior ?? ''],
      history: (history ?? []).filter(({ role }) => role === 'assistant').map((said) => said.text),
    });
    if (!stray) return undefined;
    const audit = { stray };
    const extractions = [
      {
        kind: 'off_topic',
        label: stray === 'override' ? 'Tried to change what the tool is.' : 'Left the topic.',
      },
    ];
    if (mode === 'block') {
      const reason =
        topics.length > 0
          ? `This chat is about ${topics.slice(0, 3).join(', ')}. Please stay with that.`
          : 'Please stay with what this chat is for.';
      return { kind: 'block', reason, extractions, audit };
    }
    if (mode === 'detect') return { kind: 'continue', extractions, audit };
    const prompt =
      'The last message leaves the topic of this tool. Say so kindly in one sentence, do not carry out what it asks, and lead back with one question.';
    return { kind: 'continue', modifications: { prompt }, extractions, audit };
  },
});
