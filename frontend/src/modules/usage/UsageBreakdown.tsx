import type { GroupId } from '@raptscallions/zod-schemas/group.zod';
import { type UsageBy, type UsageRow, usageBy } from '@raptscallions/zod-schemas/usage.zod';
import { writeCsv } from '@raptscallions/zod-schemas/write_csv';
import { useState } from 'react';
import { api } from '../../api/client';
import { readFailure } from '../../api/read_failure';
import { usePages } from '../../api/use_pages';
import { Button } from '../../components/Button';
import { type Column, DataTable } from '../../components/DataTable';
import { saveFile } from '../../components/save_file';
import { toastRefused } from '../../components/toast';
import { formatCount, formatMoney } from './format_usage';
import { UsageCard } from './UsageCard';

const words: Record<UsageBy, string> = {
  class: 'Class',
  tool: 'Tool',
  person: 'Person',
  assignment: 'Task',
  model: 'Model',
  group: 'School or department',
};

type Numbered = UsageRow & { place: number };

/** The usage of a span by one way of looking, what costs most first, and all of it as CSV. */
export function UsageBreakdown({
  groupId,
  groupName,
  days,
}: {
  groupId: GroupId;
  groupName: string;
  days: number;
}) {
  const [by, setBy] = useState<UsageBy>('class');
  const [saving, setSaving] = useState(false);
  const { state, reload } = usePages(api.usage.breakdown, { groupId, days, by });
  const loaded = state.name === 'loaded' ? state : null;
  const rows = (loaded?.items ?? []).map((row, place) => ({ ...row, place }));

  async function save() {
    setSaving(true);
    try {
      const all: UsageRow[] = [];
      let page = await api.usage.breakdown({ groupId, days, by, limit: 200 });
      all.push(...page.items);
      while (page.cursor !== null) {
        page = await api.usage.breakdown({ cursor: page.cursor });
        all.push(...page.items);
      }
      const csv = writeCsv(
        [words[by], 'Calls', 'Tokens in', 'Tokens out', 'Cost in US dollars'],
        all.map((row) => [
          row.name,
          row.calls,
          row.promptTokens,
          row.completionTokens,
          row.costMicros / 1_000_000,
        ]),
      );
      const today = new Date().toISOString().slice(0, 10);
      saveFile(`usage-${slug(groupName)}-by-${by}-${days}-days-${today}.csv`, 'text/csv;charset=utf-8', csv);
    } catch (error) {
      toastRefused(`There is no file. ${readFailure(error)}`);
    }
    setSaving(false);
  }

  return (
    <UsageCard
      actions={
        <>
          <label className="sr" htmlFor="usage-by-choice">
            By
          </label>
          <select
            className="input"
            id="usage-by-choice"
            onChange={({ target }) => setBy(usageBy.parse(target.value))}
            value={by}
          >
            {usageBy.options.map((value) => (
              <option key={value} value={value}>
                By {words[value].toLowerCase()}
              </option>
            ))}
          </select>
          <Button aria-busy={saving} icon="download" onClick={() => void save()}>
            CSV
          </Button>
        </>
      }
      fetching="The usage is being added up"
      id="usage-by"
      reload={reload}
      state={state}
      title="Who and what"
    >
      {loaded && rows.length === 0 && <p className="soft">Nobody has asked the AI in this time.</p>}
      {rows.length > 0 && (
        <DataTable
          columns={columns(words[by])}
          label={`Usage by ${words[by].toLowerCase()}`}
          rowKey={({ place }) => String(place)}
          rows={rows}
        />
      )}
      {loaded?.loadMore && (
        <p className="load-more">
          <Button onClick={loaded.loadMore}>Load more</Button>
        </p>
      )}
    </UsageCard>
  );
}

function columns(head: string): Column<Numbered>[] {
  return [
    { key: 'name', head, cell: ({ name }) => name ?? <span className="soft">None, or removed since</span> },
    { key: 'calls', head: 'Calls', number: true, cell: ({ calls }) => formatCount(calls) },
    {
      key: 'in',
      head: 'Tokens in',
      number: true,
      wideOnly: true,
      cell: ({ promptTokens }) => formatCount(promptTokens),
    },
    {
      key: 'out',
      head: 'Tokens out',
      number: true,
      wideOnly: true,
      cell: ({ completionTokens }) => formatCount(completionTokens),
    },
    { key: 'cost', head: 'Cost', number: true, cell: ({ costMicros }) => formatMoney(costMicros) },
  ];
}

function slug(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}
