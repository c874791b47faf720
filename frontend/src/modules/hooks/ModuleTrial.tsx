import type {
  ModulePlace,
  ModuleSummary,
  ModuleTrial as Trial,
  VerdictOutcome,
} from '@raptscallions/zod-schemas/hook.zod';
import { useState } from 'react';
import { api } from '../../api/client';
import { readFailure } from '../../api/read_failure';
import { Button } from '../../components/Button';
import { Chip, type Tone } from '../../components/Chip';
import { Field } from '../../components/Field';
import type { IconName } from '../../components/Icon';

export const outcomes: Record<VerdictOutcome, { word: string; icon: IconName; tone?: Tone }> = {
  passed: { word: 'Passed', icon: 'check' },
  changed: { word: 'Changed', icon: 'edit', tone: 'wait' },
  answered: { word: 'Answered itself', icon: 'chat', tone: 'wait' },
  blocked: { word: 'Held back', icon: 'lock', tone: 'warm' },
  failed: { word: 'Could not say', icon: 'warn', tone: 'alert' },
};
const triable = {
  'chat:before_ai': 'A pupil writes this',
  'chat:after_ai': 'The AI writes this',
  'chat:on_message': 'A pupil has written this',
} as const;
type TriableHook = keyof typeof triable;

/** What a module says about a sample text, with the settings as they stand in the form. Nothing is stored. */
export function ModuleTrial({
  summary,
  place,
  config,
}: {
  summary: ModuleSummary;
  place: ModulePlace;
  config: ModuleSummary['defaults'];
}) {
  const hooks = summary.hooks.filter((hook): hook is TriableHook => hook in triable);
  const [hook, setHook] = useState<TriableHook | undefined>(hooks[0]);
  const [text, setText] = useState('');
  const [said, setSaid] = useState<Trial | string | null>(null);
  if (!hook) return <p className="small soft inner">It reads no texts of chats.</p>;

  async function attempt(chosen: TriableHook) {
    setSaid(null);
    try {
      setSaid(await api.hooks.try({ place, module: summary.module, hook: chosen, text, config }));
    } catch (error) {
      setSaid(readFailure(error));
    }
  }

  return (
    <form
      className="stack inner"
      onSubmit={(event) => {
        event.preventDefault();
        void attempt(hook);
      }}
    >
      <Field label="Who writes">
        {(control) => (
          <select
            {...control}
            className="input"
            onChange={({ target }) => setHook(hooks[target.selectedIndex])}
            value={hook}
          >
            {hooks.map((each) => (
              <option key={each} value={each}>
                {triable[each]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Sample text">
        {(control) => (
          <textarea
            {...control}
            className="input"
            maxLength={8_000}
            onChange={({ target }) => setText(target.value)}
            rows={3}
            value={text}
          />
        )}
      </Field>
      <Button blockedBecause={text.trim() ? null : 'Write a sample first.'} type="submit">
        Try
      </Button>
      <output>
        {typeof said === 'string' ? (
          <p className="small tone-alert">{said}</p>
        ) : (
          said && <Said trial={said} />
        )}
      </output>
    </form>
  );
}

function Said({ trial }: { trial: Trial }) {
  const { word, icon, tone } = outcomes[trial.outcome];
  const more = { ...(trial.log.length > 0 && { log: trial.log }), ...trial.audit };
  return (
    <div className="stack said">
      <p className="row">
        <Chip icon={icon} tone={tone}>
          {word}
        </Chip>
        <span className="small muted">in {trial.ms.toFixed(1)} ms</span>
      </p>
      {trial.outcome === 'changed' && trial.text !== null && <p className="sample">{trial.text}</p>}
      {trial.reason && <p>{trial.reason}</p>}
      {trial.directResponse && <p>It answers: {trial.directResponse}</p>}
      {trial.extractions.map(({ kind, label }) => (
        <p key={`${kind} ${label}`}>Teachers read: {label}</p>
      ))}
      {Object.keys(more).length > 0 && <pre className="small">{JSON.stringify(more, null, 1)}</pre>}
    </div>
  );
}
