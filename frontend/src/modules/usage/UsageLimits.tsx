import type { GroupId } from '@raptscallions/zod-schemas/group.zod';
import type { UsageLimitList } from '@raptscallions/zod-schemas/usage.zod';
import { useState } from 'react';
import { api } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { Button } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { formatCount, formatMoney } from './format_usage';
import { LimitsDialog } from './LimitsDialog';
import { UsageCard } from './UsageCard';

type Item = UsageLimitList['items'][number];

/** What a group may use, and those above it, with how far each limit is used up. */
export function UsageLimits({ groupId }: { groupId: GroupId }) {
  const [changing, setChanging] = useState(false);
  const { state, reload } = useAnswer(() => api.usage.limits({ groupId }), groupId);
  const items = state.name === 'loaded' ? state.data.items : [];
  const own = items.at(-1);
  return (
    <UsageCard
      actions={
        own && (
          <Button icon="edit" onClick={() => setChanging(true)}>
            Change
          </Button>
        )
      }
      fetching="The limits are being fetched"
      id="usage-limits"
      reload={() => void reload()}
      state={state}
      title="Limits and models"
    >
      <div className="usage-groups">
        {items.map((item, at) => (
          <GroupLimits isTop={at === 0} item={item} key={item.groupId} />
        ))}
      </div>
      {items.length > 1 && <p className="small soft">A call must keep to the limits of every one of them.</p>}
      {changing && own && (
        <LimitsDialog
          item={own}
          onClose={() => setChanging(false)}
          onSaved={() => {
            setChanging(false);
            void reload();
          }}
        />
      )}
    </UsageCard>
  );
}

function GroupLimits({ item, isTop }: { item: Item; isTop: boolean }) {
  const { limits, used, enabledModels } = item;
  const bars = [
    { word: 'Calls this minute', limit: limits.callsPerMinute, used: used.minute, write: formatCount },
    { word: 'Calls this hour', limit: limits.callsPerHour, used: used.hour, write: formatCount },
    { word: 'Tokens today', limit: limits.tokensPerDay, used: used.day, write: formatCount },
    { word: 'Money this month', limit: limits.monthlyBudgetMicros, used: used.month, write: formatMoney },
  ].flatMap((bar) => (bar.limit === null ? [] : [{ ...bar, limit: bar.limit, used: bar.used ?? 0 }]));
  return (
    <div className="stack gap-2">
      <h3>
        {item.name}{' '}
        {item.alertedAt !== null && (
          <Chip icon="warn" tone="warm">
            Nine tenths used
          </Chip>
        )}
      </h3>
      {bars.length === 0 && <p className="soft">No limits of its own.</p>}
      {bars.map((bar) => (
        <Bar key={bar.word} {...bar} />
      ))}
      <p className="small soft">
        {enabledModels === null
          ? isTop
            ? 'Every model.'
            : 'Every model that those above allow.'
          : enabledModels.length === 0
            ? 'No model at all.'
            : `Models: ${enabledModels.join(', ')}`}
      </p>
    </div>
  );
}

function Bar(bar: { word: string; limit: number; used: number; write: (n: number) => string }) {
  const { word, limit, used, write } = bar;
  const share = used / limit;
  const state = share >= 1 ? 'met' : share >= 0.9 ? 'near' : '';
  return (
    // The words stand in the label, so that the bar is no bare number to a screen reader.
    <label className={`usage-limit small ${state}`}>
      <span>
        {word}: {write(used)} of {write(limit)}
        {state === 'met' && ', used up'}
      </span>
      <progress max={limit} value={Math.min(used, limit)} />
    </label>
  );
}
