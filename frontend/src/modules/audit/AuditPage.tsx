import { type AuditEntry, auditedActions } from '@raptscallions/zod-schemas/audit.zod';
import { useState } from 'react';
import { api } from '../../api/client';
import { usePages } from '../../api/use_pages';
import { Button } from '../../components/Button';
import type { Column } from '../../components/DataTable';
import { PagedTable } from '../../components/PagedTable';
import { PageHead } from '../../components/PageHead';
import { SearchBox } from '../../components/SearchBox';
import { TimeAgo } from '../../components/TimeAgo';
import { useFoundPerson } from '../people/use_found_person';

const day = 86_400_000;
const spans = { '': 'Any time', '1': 'Today and yesterday', '7': 'The last week', '30': 'The last 30 days' };

/** Who did what to whose affairs, and who read whose words, among the people one looks after. */
export function AuditPage() {
  const [search, setSearch] = useState('');
  const [action, setAction] = useState('');
  const [days, setDays] = useState('');
  // The moment is taken when the span is chosen, or every render would ask anew.
  const [from, setFrom] = useState<number | undefined>();
  const person = useFoundPerson(search);
  const pages = usePages(api.audit.list, {
    userId: person?.userId,
    action: action || undefined,
    from,
  });
  const nobody = search.trim() !== '' && person === null;

  return (
    <main className="main" id="main">
      <PageHead
        actions={
          <Button icon="refresh" onClick={pages.reload}>
            Refresh
          </Button>
        }
        title="Audit log"
      >
        {person
          ? `What ${person.name} did, and what was done to them.`
          : 'What people did to others’ affairs, and whose words they read.'}
      </PageHead>
      <div className="row wrap filters">
        <SearchBox label="Find a person" onChange={setSearch} value={search} />
        <select
          aria-label="What was done"
          className="input"
          onChange={({ target }) => setAction(target.value)}
          value={action}
        >
          <option value="">Everything</option>
          {Object.entries(auditedActions).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
        <select
          aria-label="When"
          className="input"
          onChange={({ target }) => {
            setDays(target.value);
            setFrom(target.value ? Date.now() - Number(target.value) * day : undefined);
          }}
          value={days}
        >
          {Object.entries(spans).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </div>
      {nobody && <p className="small muted">Nobody of that name: this is everybody’s log.</p>}
      <PagedTable
        empty={{ title: 'Nothing here', words: 'Nothing of this kind has happened in this time.' }}
        fetching="The log is being fetched"
        pages={pages}
        columns={columns}
        label="Audit log"
        rowKey={({ auditEntryId }) => auditEntryId}
      />
    </main>
  );
}

const words: Record<string, string> = auditedActions;

const columns: Column<AuditEntry>[] = [
  {
    key: 'who',
    head: 'Who',
    cell: ({ actor, details }) =>
      actor ?? (details.by === 'command_line' ? 'the command line' : 'somebody who was erased'),
  },
  { key: 'what', head: 'What', cell: ({ action }) => words[action] ?? action },
  { key: 'whom', head: 'Whom', cell: ({ subject }) => subject ?? '–' },
  { key: 'when', head: 'When', cell: ({ at }) => <TimeAgo ms={at} /> },
];
