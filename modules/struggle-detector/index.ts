import { defineModule } from '@raptscallions/module-sdk/define_module';
import { becomesStuck, measureStruggle } from './measure_struggle';

export default defineModule({
  'chat:on_message': ({ role, text, history, config }) => {
    if (role !== 'user') return undefined;
    const said = [
      ...(history ?? []).filter((message) => message.role === 'user').map((message) => message.text),
      text,
    ];
    const { sensitivity } = config;
    const level = sensitivity === 'low' || sensitivity === 'high' ? sensitivity : 'normal';
    const audit = { score: Math.round(measureStruggle(said) * 10) / 10 };
    if (!becomesStuck(said, level)) return { kind: 'continue', audit };
    return {
      kind: 'continue',
      extractions: [
        { kind: 'struggle', severity: 'attention', label: 'Seems to be stuck here.', data: audit },
      ],
      audit,
    };
  },
});
