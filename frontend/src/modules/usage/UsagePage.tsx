import './usage.css';
import type { GroupId } from '@raptscallions/zod-schemas/group.zod';
import { useState } from 'react';
import { api } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { EmptyState } from '../../components/EmptyState';
import { NotLoaded } from '../../components/NotLoaded';
import { PageHead } from '../../components/PageHead';
import { SkeletonTable } from '../../components/Skeleton';
import { ToggleGroup } from '../../components/ToggleGroup';
import { useMe } from '../auth/me_context';
import { formatCount, formatMoney } from './format_usage';
import { ModelPrices } from './ModelPrices';
import { UsageBreakdown } from './UsageBreakdown';
import { measures, UsageChart, type UsageMeasure, usageMeasures } from './UsageChart';
import { UsageLimits } from './UsageLimits';

const spans = [7, 30, 90, 365];

/** For administrators: what the AI is used for and costs, and what it may. */
export function UsagePage() {
  const me = useMe();
  const groups = me.groups
    .filter(({ groupId }) => me.actor.adminGroupIds.includes(groupId))
    .sort((a, b) => a.path.length - b.path.length || a.name.localeCompare(b.name));
  const [chosen, setChosen] = useState<GroupId | null>(null);
  const [days, setDays] = useState(30);
  const group = groups.find(({ groupId }) => groupId === chosen) ?? groups[0];
  if (!group) {
    return (
      <main className="main" id="main">
        <PageHead title="Usage" />
        <EmptyState level={2} title="Nothing to show">
          {me.known ? 'You look after no school or department.' : 'Your groups are still on their way.'}
        </EmptyState>
      </main>
    );
  }
  return (
    <main className="main" id="main">
      <PageHead
        actions={
          <>
            <label className="sr" htmlFor="usage-group">
              School or department
            </label>
            <select
              className="input"
              id="usage-group"
              onChange={({ target }) => setChosen(groups[target.selectedIndex]?.groupId ?? null)}
              value={group.groupId}
            >
              {groups.map(({ groupId, name }) => (
                <option key={groupId} value={groupId}>
                  {name}
                </option>
              ))}
            </select>
            <label className="sr" htmlFor="usage-days">
              Time
            </label>
            <select
              className="input"
              id="usage-days"
              onChange={({ target }) => setDays(Number(target.value))}
              value={days}
            >
              {spans.map((span) => (
                <option key={span} value={span}>
                  {span} days
                </option>
              ))}
            </select>
          </>
        }
        title="Usage"
      >
        What the AI was asked for, what that cost, and what it may.
      </PageHead>
      <div className="usage">
        <Overview days={days} groupId={group.groupId} />
        <UsageLimits groupId={group.groupId} key={`limits ${group.groupId}`} />
        <UsageBreakdown days={days} groupId={group.groupId} groupName={group.name} />
        <ModelPrices groupId={group.groupId} key={`prices ${group.groupId}`} />
      </div>
    </main>
  );
}

function Overview({ groupId, days }: { groupId: GroupId; days: number }) {
  const [picked, setPicked] = useState<UsageMeasure | null>(null);
  const { state, reload } = useAnswer(() => api.usage.overview({ groupId, days }), `${groupId} ${days}`);
  if (state.name === 'loading') return <SkeletonTable label="The usage is being added up" />;
  if (state.name === 'failed') {
    return (
      <NotLoaded onRetry={() => void reload()}>
        Usage is kept on the server, which cannot be reached right now.
      </NotLoaded>
    );
  }
  const { data } = state;
  const measure = picked ?? (data.costMicros > 0 ? 'cost' : 'calls');
  const stats = [
    ['calls', formatCount(data.calls)],
    ['people', formatCount(data.people)],
    ['tokens in', formatCount(data.promptTokens)],
    ['tokens out', formatCount(data.completionTokens)],
    ['cost', formatMoney(data.costMicros)],
  ] as const;
  return (
    <section aria-labelledby="usage-days-head" className="card pad">
      <div className="phead">
        <h2 className="grow" id="usage-days-head">
          By day
        </h2>
        <ToggleGroup
          label="What the bars show"
          choices={usageMeasures.map((value) => ({ value, label: measures[value].word }))}
          value={measure}
          onChange={setPicked}
        />
      </div>
      <dl className="stats">
        {stats.map(([word, value]) => (
          <div className="stat" key={word}>
            <dt className="small soft">{word}</dt>
            <dd>
              <b>{value}</b>
            </dd>
          </div>
        ))}
      </dl>
      <UsageChart days={data.days} measure={measure} />
    </section>
  );
}
