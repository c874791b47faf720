import { may, mayMakeTools } from '@raptscallions/policies/ability';
import type { Tool } from '@raptscallions/zod-schemas/tool.zod';
import { Link } from '@tanstack/react-router';
import { useLiveQuery } from 'dexie-react-hooks';
import { useState } from 'react';
import { Button, buttonClass } from '../../components/Button';
import { countOf } from '../../components/count_of';
import { EmptyState } from '../../components/EmptyState';
import { fold } from '../../components/fold';
import { Icon } from '../../components/Icon';
import { PageHead } from '../../components/PageHead';
import { SearchBox } from '../../components/SearchBox';
import { SkeletonList } from '../../components/Skeleton';
import { ToggleGroup } from '../../components/ToggleGroup';
import { useLocalDb } from '../../local_db/local_db_context';
import { useSyncStatus } from '../../sync/use_sync_status';
import { AssignDialog } from '../assignments/AssignDialog';
import { useMe } from '../auth/me_context';
import { ToolRow } from './ToolRow';
import { readToolSummaries } from './tool.queries';

const filters = [
  { value: 'all', label: 'All' },
  { value: 'published', label: 'Published' },
  { value: 'draft', label: 'Drafts' },
] as const;
type Filter = (typeof filters)[number]['value'];

/** The shed: one's own tools and those one may use. */
export function ToolsPage() {
  const db = useLocalDb();
  const me = useMe();
  const { firstLoad } = useSyncStatus();
  const [search, setSearch] = useState('');
  const [filter, setFilter] = useState<Filter>('all');
  const [assigning, setAssigning] = useState<Tool['toolId'] | null>(null);
  const summaries = useLiveQuery(() => readToolSummaries(db), [db]);
  const makes = mayMakeTools(me.actor);
  const matches = (value: Filter) =>
    summaries?.filter((entry) =>
      value === 'all' ? true : value === 'draft' ? entry.draft !== null : entry.published !== null,
    ) ?? [];
  const found = matches(filter).filter((entry) =>
    fold(`${entry.tool.name} ${entry.published?.subject ?? ''} ${entry.ownerName ?? ''}`).includes(
      fold(search.trim()),
    ),
  );
  const own = found.filter((entry) => entry.tool.ownerUserId === me.userId);
  const others = found.filter((entry) => entry.tool.ownerUserId !== me.userId);
  const sections = [
    { key: 'own', title: 'Yours', entries: own },
    { key: 'others', title: own.length > 0 ? 'From others' : 'Tools you can use', entries: others },
  ].filter((section) => section.entries.length > 0);
  return (
    <main className="main" id="main">
      <PageHead
        title="Tools"
        actions={
          makes && (
            <Link className={buttonClass('primary')} to="/tools/new">
              <Icon name="plus" />
              New tool
            </Link>
          )
        }
      >
        {summaries
          ? `${countOf(summaries.length, 'tool')} on this device. A tool is a page of YAML that says how the AI should behave.`
          : 'A tool is a page of YAML that says how the AI should behave.'}
      </PageHead>
      {summaries === undefined || (firstLoad && summaries.length === 0) ? (
        <SkeletonList label="Loading tools" rows={5} />
      ) : summaries.length === 0 ? (
        <div className="card">
          <EmptyState
            level={2}
            title="Not a single tool in the shed"
            action={
              makes && (
                <Link className={buttonClass('primary')} to="/tools/new">
                  Start from an example
                </Link>
              )
            }
          >
            Start from one that works, and change it as you like.
          </EmptyState>
        </div>
      ) : (
        <div className="sections">
          <div className="hint-row">
            <ToggleGroup
              label="Show"
              choices={filters.map(({ value, label }) => ({
                value,
                label: `${label} ${matches(value).length}`,
              }))}
              value={filter}
              onChange={setFilter}
            />
            <SearchBox label="Find a tool" value={search} onChange={setSearch} />
          </div>
          {sections.map((section) => (
            <section key={section.key} aria-labelledby={section.key}>
              <div className="sec-head">
                <h2 id={section.key}>{section.title}</h2>
              </div>
              <ul className="list card stacks">
                {section.entries.map((entry) => (
                  <ToolRow
                    key={entry.tool.toolId}
                    summary={entry}
                    mayChange={may(me.ability, 'update', 'Tool', { ...entry.tool, givenTo: [] })}
                    mayArchive={may(me.ability, 'delete', 'Tool', { ...entry.tool, givenTo: [] })}
                    mayAssign={me.actor.staffGroupIds.length > 0}
                    onAssign={() => setAssigning(entry.tool.toolId)}
                  />
                ))}
              </ul>
            </section>
          ))}
          {sections.length === 0 && (
            <div className="card">
              <EmptyState
                level={2}
                title="No tool matches"
                action={
                  <Button
                    onClick={() => {
                      setSearch('');
                      setFilter('all');
                    }}
                  >
                    Show all tools
                  </Button>
                }
              />
            </div>
          )}
        </div>
      )}
      {assigning && <AssignDialog target={{ toolId: assigning }} onClose={() => setAssigning(null)} />}
    </main>
  );
}
