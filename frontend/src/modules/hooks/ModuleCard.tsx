import type { ModulePlace, ModuleStatus, ModuleSummary } from '@raptscallions/zod-schemas/hook.zod';
import { useId, useState } from 'react';
import { api } from '../../api/client';
import { readFailure } from '../../api/read_failure';
import { Button } from '../../components/Button';
import { Chip, type Tone } from '../../components/Chip';
import { Icon, type IconName, isIconName } from '../../components/Icon';
import { toastNote } from '../../components/toast';
import { ConfigForm } from './ConfigForm';
import { describeReading } from './hook_words';
import { ModuleTrial } from './ModuleTrial';
import { ownConfig } from './read_config_fields';

const states: Record<ModuleStatus, { word: string; icon: IconName; tone?: Tone }> = {
  ready: { word: 'Ready', icon: 'check' },
  resting: { word: 'Resting after a crash', icon: 'clock', tone: 'warm' },
  disabled: { word: 'Disabled after five crashes', icon: 'stop', tone: 'alert' },
  broken: { word: 'Cannot be loaded', icon: 'warn', tone: 'alert' },
};

/** One module as it is set in a place: on or off, its settings, whether they are fixed below, and a trial. */
export function ModuleCard({
  summary,
  place,
  mayFix,
  onSaved,
}: {
  summary: ModuleSummary;
  place: ModulePlace;
  mayFix: boolean;
  onSaved: () => void;
}) {
  const { module, own, above, defaults } = summary;
  const inherited = { ...defaults, ...above.config };
  const [enabled, setEnabled] = useState(own?.enabled ?? null);
  const [config, setConfig] = useState({ ...inherited, ...own?.config });
  const [locked, setLocked] = useState(own?.locked ?? false);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const headId = useId();
  const fits = summary.scope.includes(place.kind);
  const isOn = enabled ?? above.enabled;
  const state = states[summary.status];
  const barred = above.locked
    ? 'Your administrators have fixed this.'
    : fits
      ? null
      : 'This module is not for this place.';

  async function save() {
    setBusy(true);
    setProblem(null);
    try {
      await api.hooks.set({ place, module, enabled, config: ownConfig(config, inherited), locked });
      toastNote(`${summary.displayName} is ${isOn ? 'on' : 'off'} here.`);
      onSaved();
    } catch (error) {
      setProblem(`Not saved. ${readFailure(error)}`);
    } finally {
      setBusy(false);
    }
  }

  async function revive() {
    await api.hooks.revive({ place, module }).then(
      () => toastNote('It begins again within some seconds.'),
      (error) => setProblem(readFailure(error)),
    );
  }

  return (
    <section aria-labelledby={headId} className="card pad module">
      <div className="row module-head">
        <h2 className="grow" id={headId}>
          <Icon name={summary.icon && isIconName(summary.icon) ? summary.icon : 'knot'} />{' '}
          {summary.displayName} <span className="small muted">{summary.version}</span>
        </h2>
        <Chip icon={isOn ? 'check' : 'x'} tone={isOn ? 'green' : undefined}>
          {isOn ? 'On here' : 'Off here'}
        </Chip>
        {summary.status !== 'ready' && (
          <Chip icon={state.icon} tone={state.tone}>
            {state.word}
          </Chip>
        )}
      </div>
      <p>{summary.description}</p>
      <p className="small soft">
        {describeReading(summary.hooks, summary.permissions)} When it cannot say, the message{' '}
        {summary.onError === 'block' ? 'is held back' : 'passes'}.
      </p>
      {summary.problem && (
        <p className="small tone-alert note">
          <span>{summary.problem}</span>{' '}
          {mayFix && (summary.status === 'disabled' || summary.status === 'resting') && (
            <Button onClick={() => void revive()} small>
              Begin again
            </Button>
          )}
        </p>
      )}
      <fieldset className="row wrap">
        <legend className="sr">Whether it is on here</legend>
        {[
          {
            value: null,
            label: place.kind === 'global' ? 'Not set' : `As above (${above.enabled ? 'on' : 'off'})`,
          },
          { value: true, label: 'On' },
          { value: false, label: 'Off' },
        ].map(({ value, label }) => (
          <label className="row" key={label}>
            <input
              checked={enabled === value}
              disabled={barred !== null}
              name={`${headId}-on`}
              onChange={() => setEnabled(value)}
              type="radio"
            />
            {label}
          </label>
        ))}
      </fieldset>
      <details>
        <summary>Settings</summary>
        <div className="stack inner">
          <ConfigForm
            config={config}
            disabled={barred !== null}
            onChange={setConfig}
            schema={summary.configSchema}
          />
          {mayFix && (
            <label className="row">
              <input
                checked={locked}
                disabled={barred !== null}
                onChange={({ target }) => setLocked(target.checked)}
                type="checkbox"
              />
              Nobody below may change this
            </label>
          )}
        </div>
      </details>
      <details>
        <summary>Try it</summary>
        <ModuleTrial config={ownConfig(config, inherited)} place={place} summary={summary} />
      </details>
      {problem && <p className="small tone-alert">{problem}</p>}
      <div className="row">
        <Button blockedBecause={barred ?? (busy ? 'It is being saved.' : null)} onClick={() => void save()}>
          Save
        </Button>
      </div>
    </section>
  );
}
