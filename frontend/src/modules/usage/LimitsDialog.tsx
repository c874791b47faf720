import type { UsageLimitList } from '@raptscallions/zod-schemas/usage.zod';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { readFailure } from '../../api/read_failure';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { Field } from '../../components/Field';
import { Refusal } from '../../components/Refusal';
import { TextField } from '../../components/TextField';
import { toastNote } from '../../components/toast';
import { readCount, readMoney } from './format_usage';

type Item = UsageLimitList['items'][number];

const fields = [
  { key: 'callsPerMinute', label: 'Calls a minute', read: readCount },
  { key: 'callsPerHour', label: 'Calls an hour', read: readCount },
  { key: 'tokensPerDay', label: 'Tokens a day', read: readCount },
  { key: 'monthlyBudgetMicros', label: 'US dollars a month', read: readMoney },
] as const;
type Key = (typeof fields)[number]['key'];

/** What one group may use. An empty field is no limit. */
export function LimitsDialog({
  item,
  onClose,
  onSaved,
}: {
  item: Item;
  onClose: () => void;
  onSaved: () => void;
}) {
  const { limits } = item;
  const [texts, setTexts] = useState<Record<Key, string>>({
    callsPerMinute: limits.callsPerMinute?.toString() ?? '',
    callsPerHour: limits.callsPerHour?.toString() ?? '',
    tokensPerDay: limits.tokensPerDay?.toString() ?? '',
    monthlyBudgetMicros:
      limits.monthlyBudgetMicros === null ? '' : (limits.monthlyBudgetMicros / 1_000_000).toString(),
  });
  const [all, setAll] = useState(item.enabledModels === null);
  const [models, setModels] = useState((item.enabledModels ?? []).join('\n'));
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  const values = Object.fromEntries(fields.map(({ key, read }) => [key, read(texts[key])])) as Record<
    Key,
    number | null
  >;
  const wrong = (key: Key) => Number.isNaN(values[key]);
  const error = (key: Key) => {
    if (!tried || !wrong(key)) return null;
    return key === 'monthlyBudgetMicros'
      ? 'Write an amount such as 25 or 12.50, or leave it empty.'
      : 'Write a whole number above 0, or leave it empty.';
  };

  async function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (fields.some(({ key }) => wrong(key))) return;
    const names = models.split(/[\n,]/).map((name) => name.trim());
    const enabledModels = all ? null : [...new Set(names.filter(Boolean))];
    try {
      await api.usage.setLimits({ groupId: item.groupId, limits: values, enabledModels });
      toastNote(`The limits of ${item.name} are saved`);
      onSaved();
    } catch (caught) {
      setFailure(readFailure(caught));
    }
  }

  return (
    <Dialog
      description="They hold for everybody in it and in all below it. An empty field is no limit."
      onClose={onClose}
      open
      title={`What ${item.name} may use`}
    >
      <form className="contents" noValidate onSubmit={(event) => void submit(event)}>
        <div className="dialog-body">
          {fields.map(({ key, label }) => (
            <TextField
              error={error(key)}
              key={key}
              label={label}
              autoComplete="off"
              inputMode="decimal"
              onChange={(text) => setTexts({ ...texts, [key]: text })}
              value={texts[key]}
            />
          ))}
          <label className="row">
            <input checked={all} onChange={({ target }) => setAll(target.checked)} type="checkbox" />
            Every model (that those above allow)
          </label>
          {!all && (
            <Field
              hint="One to a line. One that ends in * stands for all that begin so. The first answers where a tool names none."
              label="Models tools may use"
            >
              {(control) => (
                <textarea
                  {...control}
                  className="input"
                  onChange={({ target }) => setModels(target.value)}
                  rows={4}
                  spellCheck={false}
                  value={models}
                />
              )}
            </Field>
          )}
          <Refusal>{failure}</Refusal>
        </div>
        <div className="dialog-foot">
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button look="primary" type="submit">
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
