import type { GroupId } from '@raptscallions/zod-schemas/group.zod';
import { anyModel, type ModelPrice } from '@raptscallions/zod-schemas/usage.zod';
import { useState } from 'react';
import { api } from '../../api/client';
import { readFailure } from '../../api/read_failure';
import { useAnswer } from '../../api/use_answer';
import { Button } from '../../components/Button';
import { type Column, DataTable } from '../../components/DataTable';
import { Icon } from '../../components/Icon';
import { toastNote, toastRefused } from '../../components/toast';
import { formatMoney } from './format_usage';
import { PriceDialog } from './PriceDialog';
import { SchoolClock } from './SchoolClock';
import { UsageCard } from './UsageCard';

/** What each model costs; changed by whoever looks after the whole district. */
export function ModelPrices({ groupId }: { groupId: GroupId }) {
  const [edited, setEdited] = useState<ModelPrice | 'new' | null>(null);
  const { state, reload } = useAnswer(() => api.usage.prices({ groupId }), groupId);
  const list = state.name === 'loaded' ? state.data : null;
  const topGroupId = list?.topGroupId ?? null;

  async function remove(model: string) {
    if (!topGroupId) return;
    try {
      await api.usage.removePrice({ groupId: topGroupId, model });
      toastNote(`The price of ${nameOf(model)} is gone`, 'trash');
      await reload();
    } catch (error) {
      toastRefused(`The price is as it was. ${readFailure(error)}`);
    }
  }

  const columns: Column<ModelPrice>[] = [
    { key: 'model', head: 'Model', cell: ({ model }) => nameOf(model) },
    {
      key: 'in',
      head: 'In',
      number: true,
      cell: ({ promptMicros }) => formatMoney(promptMicros),
    },
    { key: 'out', head: 'Out', number: true, cell: ({ completionMicros }) => formatMoney(completionMicros) },
  ];
  if (topGroupId) {
    columns.push({
      key: 'do',
      head: <span className="sr">Change</span>,
      cell: (price) => (
        <span className="row">
          <Button
            aria-label={`Change the price of ${nameOf(price.model)}`}
            onClick={() => setEdited(price)}
            small
          >
            Change
          </Button>
          <Button
            aria-label={`Remove the price of ${nameOf(price.model)}`}
            look="quiet"
            onClick={() => void remove(price.model)}
            small
          >
            Remove
          </Button>
        </span>
      ),
    });
  }

  return (
    <UsageCard
      actions={
        topGroupId && (
          <Button icon="plus" onClick={() => setEdited('new')}>
            Add a price
          </Button>
        )
      }
      fetching="The prices are being fetched"
      id="model-prices"
      reload={() => void reload()}
      state={state}
      title="Prices"
    >
      <p className="small soft">For a million tokens. A change counts from the next call on.</p>
      {list && list.unpriced.length > 0 && (
        <p className="banner warm flat">
          <Icon name="warn" />
          <span>
            <b>Without a price:</b> {list.unpriced.join(', ')}. Their calls count as free, so a monthly budget
            does not hold them.
          </span>
        </p>
      )}
      {list && list.items.length === 0 && (
        <p className="soft">No model has a price, so every call is free.</p>
      )}
      {list && list.items.length > 0 && (
        <DataTable
          columns={columns}
          label="Prices of models"
          rowKey={({ model }) => model}
          rows={list.items}
        />
      )}
      {topGroupId && <SchoolClock groupId={topGroupId} />}
      {edited && topGroupId && (
        <PriceDialog
          groupId={topGroupId}
          onClose={() => setEdited(null)}
          onSaved={() => {
            setEdited(null);
            void reload();
          }}
          price={edited === 'new' ? null : edited}
        />
      )}
    </UsageCard>
  );
}

function nameOf(model: string): string {
  return model === anyModel ? 'Every other model' : model;
}
