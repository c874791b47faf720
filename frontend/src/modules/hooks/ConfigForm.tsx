import type { ModuleSummary } from '@raptscallions/zod-schemas/hook.zod';
import { Field } from '../../components/Field';
import { type ConfigField, readConfigFields } from './read_config_fields';

type Config = ModuleSummary['defaults'];

/** A form drawn from the JSON Schema of a module's config. */
export function ConfigForm({
  schema,
  config,
  disabled,
  onChange,
}: {
  schema: ModuleSummary['configSchema'];
  config: Config;
  disabled: boolean;
  onChange: (config: Config) => void;
}) {
  const fields = readConfigFields(schema);
  if (fields.length === 0) return <p className="small soft">There is nothing to set.</p>;
  return (
    <fieldset className="stack" disabled={disabled}>
      <legend className="sr">Settings</legend>
      {fields.map((field) => (
        <ConfigControl
          field={field}
          key={field.name}
          onChange={(value) => onChange({ ...config, [field.name]: value })}
          value={config[field.name]}
        />
      ))}
    </fieldset>
  );
}

type Value = Config[string];

function ConfigControl({
  field,
  value,
  onChange,
}: {
  field: ConfigField;
  value: Value | undefined;
  onChange: (value: Value) => void;
}) {
  if (field.kind === 'choices') {
    const chosen = Array.isArray(value) ? value.map(String) : [];
    return (
      <fieldset className="choices">
        <legend className="label">{field.title}</legend>
        {field.options.map((option) => (
          <label className="row" key={option}>
            <input
              checked={chosen.includes(option)}
              onChange={({ target }) =>
                onChange(
                  field.options.filter((each) => (each === option ? target.checked : chosen.includes(each))),
                )
              }
              type="checkbox"
            />
            {option.replaceAll('_', ' ')}
          </label>
        ))}
      </fieldset>
    );
  }
  if (field.kind === 'switch') {
    return (
      <label className="row">
        <input checked={value === true} onChange={({ target }) => onChange(target.checked)} type="checkbox" />
        {field.title}
      </label>
    );
  }
  return (
    <Field hint={field.hint} label={field.title}>
      {(control) => {
        switch (field.kind) {
          case 'choice':
            return (
              <select
                {...control}
                className="input"
                onChange={({ target }) => onChange(target.value)}
                value={String(value ?? '')}
              >
                {field.options.map((option) => (
                  <option key={option} value={option}>
                    {option}
                  </option>
                ))}
              </select>
            );
          case 'number':
            return (
              <input
                {...control}
                className="input"
                max={field.most}
                min={field.least}
                onChange={({ target }) => onChange(target.valueAsNumber)}
                type="number"
                value={typeof value === 'number' ? value : ''}
              />
            );
          case 'lines':
            return (
              <textarea
                {...control}
                className="input"
                onChange={({ target }) =>
                  onChange(target.value.split('\n').filter((line) => line.trim() !== ''))
                }
                placeholder="One on each line"
                rows={3}
                defaultValue={Array.isArray(value) ? value.join('\n') : ''}
              />
            );
          case 'text':
            return (
              <textarea
                {...control}
                className="input"
                maxLength={field.longest}
                onChange={({ target }) => onChange(target.value)}
                rows={(field.longest ?? 0) > 100 ? 4 : 1}
                value={typeof value === 'string' ? value : ''}
              />
            );
          default:
            return (
              <p id={control.id} className="small soft">
                Set in the module’s own file: {JSON.stringify(value ?? null)}
              </p>
            );
        }
      }}
    </Field>
  );
}
