import type { JsonSchema, ValueFlaw } from '@raptscallions/tool-yaml/check_value';
import { useRef } from 'react';
import { Button } from '../../components/Button';
import { Field } from '../../components/Field';
import { TextField } from '../../components/TextField';
import { ChoiceBoxes, ChoiceRadios } from './ChoiceFields';
import { FieldBox, FieldNote } from './FieldBox';
import { asSchema, fieldKind, initialValue, labelOf } from './form_field';

type Path = readonly (string | number)[];
type Change = (value: unknown) => void;
type PartProps = {
  label: string;
  schema: JsonSchema;
  value: unknown;
  path: Path;
  flaws: readonly ValueFlaw[];
  required: boolean;
  onChange: Change;
};

const pathKey = (path: Path) => JSON.stringify(path);
const flawAt = (flaws: readonly ValueFlaw[], path: Path) =>
  flaws.find((flaw) => pathKey(flaw.path) === pathKey(path))?.message ?? null;

/** A form drawn from a JSON Schema; every flaw stands at its field. */
export function SchemaForm({
  schema,
  value,
  flaws,
  onChange,
}: {
  schema: JsonSchema;
  value: unknown;
  flaws: readonly ValueFlaw[];
  onChange: Change;
}) {
  return <GroupFields flaws={flaws} onChange={onChange} path={[]} schema={schema} value={value} />;
}

function GroupFields({ schema, value, path, flaws, onChange }: Omit<PartProps, 'label' | 'required'>) {
  const kind = fieldKind(schema);
  if (kind.kind !== 'group') return null;
  const given = asSchema(value);
  return kind.properties.map(([name, each]) => (
    <Part
      flaws={flaws}
      key={name}
      label={labelOf(name, each)}
      onChange={(next) => onChange({ ...given, [name]: next })}
      path={[...path, name]}
      required={kind.required.has(name)}
      schema={each}
      value={given[name]}
    />
  ));
}

function Part(props: PartProps) {
  const { schema, label, required, flaws, path, value, onChange } = props;
  const kind = fieldKind(schema);
  const error = flawAt(flaws, path);
  const hint = hintOf(schema);
  const shown = required ? label : `${label} (optional)`;
  switch (kind.kind) {
    case 'group':
      return (
        <FieldBox error={error} hint={hint} label={shown}>
          <GroupFields flaws={flaws} onChange={onChange} path={path} schema={schema} value={value} />
        </FieldBox>
      );
    case 'list':
      return <ListPart {...props} label={shown} />;
    case 'choices':
      return (
        <ChoiceBoxes
          choices={kind.choices}
          error={error}
          hint={hint}
          label={shown}
          onChange={onChange}
          value={value}
        />
      );
    case 'choice':
      return kind.choices.length <= 5 && required ? (
        <ChoiceRadios
          choices={kind.choices}
          error={error}
          hint={hint}
          label={shown}
          onChange={onChange}
          value={value}
        />
      ) : (
        <Field error={error} hint={hint} label={shown}>
          {(control) => (
            <select
              {...control}
              className="input"
              onChange={({ target }) => onChange(kind.choices[target.selectedIndex - 1]?.value)}
              value={kind.choices.findIndex((choice) => choice.value === value)}
            >
              <option value={-1}>{required ? 'Choose one' : 'None'}</option>
              {kind.choices.map((choice, at) => (
                <option key={choice.label} value={at}>
                  {choice.label}
                </option>
              ))}
            </select>
          )}
        </Field>
      );
    case 'truth':
      return (
        <div className="field">
          <label className="row">
            <input
              checked={value === true}
              onChange={({ target }) => onChange(target.checked)}
              type="checkbox"
              {...(error ? { 'aria-invalid': true } : {})}
            />
            {label}
          </label>
          <FieldNote error={error} hint={hint} />
        </div>
      );
    case 'number':
      return (
        <Field error={error} hint={hint} label={shown}>
          {(control) => (
            <input
              {...control}
              aria-required={required}
              autoComplete="off"
              className="input short"
              inputMode="decimal"
              onChange={({ target }) => onChange(target.value)}
              value={textOf(value)}
            />
          )}
        </Field>
      );
    case 'line':
      return (
        <TextField
          error={error}
          hint={hint}
          label={shown}
          aria-required={required}
          onChange={onChange}
          type={kind.input === 'url' || kind.input === 'email' ? 'text' : kind.input}
          inputMode={kind.input === 'url' || kind.input === 'email' ? kind.input : undefined}
          value={textOf(value)}
        />
      );
    default:
      return (
        <Field
          error={error}
          hint={kind.kind === 'json' ? [hint, 'Written as JSON.'].filter(Boolean).join(' ') : hint}
          label={shown}
        >
          {(control) => (
            <textarea
              {...control}
              aria-required={required}
              className="input"
              onChange={({ target }) => onChange(target.value)}
              rows={4}
              spellCheck={kind.kind === 'lines'}
              value={kind.kind === 'json' && typeof value !== 'string' ? jsonOf(value) : textOf(value)}
            />
          )}
        </Field>
      );
  }
}

function ListPart({ schema, label, flaws, path, value, onChange }: PartProps) {
  const kind = fieldKind(schema);
  const box = useRef<HTMLFieldSetElement>(null);
  const items = Array.isArray(value) ? value : [];
  if (kind.kind !== 'list') return null;
  const { maxItems } = schema;
  const full = typeof maxItems === 'number' && items.length >= maxItems;
  const name = labelOf(label.replace(/ \(optional\)$/, ''), kind.items);

  // After the next drawing, so that whoever adds or removes by keyboard goes on from there.
  const focusSoon = (find: (fields: HTMLElement[]) => HTMLElement | null | undefined) =>
    requestAnimationFrame(() => {
      const fields = box.current?.querySelectorAll<HTMLElement>(':scope > .form-item') ?? [];
      find([...fields])?.focus();
    });
  const add = () => {
    onChange([...items, initialValue(kind.items) ?? (fieldKind(kind.items).kind === 'group' ? {} : '')]);
    focusSoon((all) => all.at(-1)?.querySelector('input, textarea, select'));
  };
  const remove = (at: number) => {
    onChange(items.filter((_, place) => place !== at));
    focusSoon(() => box.current?.querySelector<HTMLElement>(':scope > .form-add button'));
  };

  return (
    <FieldBox boxRef={box} error={flawAt(flaws, path)} hint={hintOf(schema)} label={label}>
      {numbered(items).map(({ item, at }) => (
        <div className="form-item" key={at}>
          <div className="grow">
            <Part
              flaws={flaws}
              label={`${name} ${at + 1}`}
              onChange={(next) => onChange(items.map((each, place) => (place === at ? next : each)))}
              path={[...path, at]}
              required
              schema={kind.items}
              value={item}
            />
          </div>
          <Button
            aria-label={`Remove ${name} ${at + 1}`}
            icon="x"
            look="quiet"
            onClick={() => remove(at)}
            small
          >
            Remove
          </Button>
        </div>
      ))}
      <p className="form-add">
        <Button
          blockedBecause={full ? `No more than ${String(maxItems)}.` : null}
          icon="plus"
          onClick={add}
          small
        >
          Add {items.length === 0 ? 'one' : 'another'}
        </Button>
      </p>
    </FieldBox>
  );
}

/** Items have no ids of their own; each is where it is. */
function numbered(items: readonly unknown[]) {
  return items.map((item, at) => ({ item, at }));
}

function hintOf({ description, examples }: JsonSchema): string | undefined {
  const example: unknown = Array.isArray(examples) ? examples[0] : undefined;
  const parts = [
    typeof description === 'string' ? description : '',
    typeof example === 'string' || typeof example === 'number' ? `For example: ${example}` : '',
  ];
  return parts.filter(Boolean).join(' ') || undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function jsonOf(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value, null, 2);
}
