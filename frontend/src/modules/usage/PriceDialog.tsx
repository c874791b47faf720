import type { GroupId } from '@raptscallions/zod-schemas/group.zod';
import type { ModelPrice } from '@raptscallions/zod-schemas/usage.zod';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { readFailure } from '../../api/read_failure';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { Refusal } from '../../components/Refusal';
import { TextField } from '../../components/TextField';
import { readMoney } from './format_usage';

/** The price of one model, in dollars for a million tokens. */
export function PriceDialog({
  groupId,
  price,
  onClose,
  onSaved,
}: {
  groupId: GroupId;
  /** null: of another model */
  price: ModelPrice | null;
  onClose: () => void;
  onSaved: () => void;
}) {
  const [model, setModel] = useState(price?.model ?? '');
  const [prompt, setPrompt] = useState(price ? String(price.promptMicros / 1_000_000) : '');
  const [completion, setCompletion] = useState(price ? String(price.completionMicros / 1_000_000) : '');
  const [failure, setFailure] = useState<string | null>(null);
  const promptMicros = readMoney(prompt);
  const completionMicros = readMoney(completion);
  const isAmount = (micros: number | null): micros is number => micros !== null && !Number.isNaN(micros);
  const missing = !model.trim()
    ? 'Which model?'
    : isAmount(promptMicros) && isAmount(completionMicros)
      ? null
      : 'Both prices are needed, such as 2.50.';

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!isAmount(promptMicros) || !isAmount(completionMicros) || missing) return;
    try {
      await api.usage.setPrice({ groupId, model: model.trim(), promptMicros, completionMicros });
      onSaved();
    } catch (caught) {
      setFailure(readFailure(caught));
    }
  }

  const amounts = [
    { label: 'A million tokens in, US dollars', value: prompt, set: setPrompt },
    { label: 'A million tokens out, US dollars', value: completion, set: setCompletion },
  ];
  return (
    <Dialog onClose={onClose} open title={price ? `The price of ${price.model}` : 'The price of a model'}>
      <form className="contents" onSubmit={(event) => void submit(event)}>
        <div className="dialog-body">
          {!price && (
            <TextField
              hint="As tools and the gateway call it; * is every other model."
              label="Model"
              autoComplete="off"
              maxLength={200}
              onChange={setModel}
              spellCheck={false}
              value={model}
            />
          )}
          {amounts.map(({ label, value, set }) => (
            <TextField
              key={label}
              label={label}
              autoComplete="off"
              inputMode="decimal"
              onChange={set}
              value={value}
            />
          ))}
          <Refusal>{failure}</Refusal>
        </div>
        <div className="dialog-foot">
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button blockedBecause={missing} look="primary" type="submit">
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
