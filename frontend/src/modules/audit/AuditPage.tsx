import { type AuditEntry, auditedActions } from '@raptscallions/zod-schemas/audit.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { useState } from 'react';
import { api } from '../../api/client';
import { usePages } from '../../api/use_pages';
import { Button } from '../../components/Button';
import type { Column } from '../../components/DataTable';
import { PagedTable } from '../../components/PagedTable';
import { PageHead } from '../../components/PageHead';
import { TimeAgo } from '../../components/TimeAgo';
import { PersonFilter, usePerson } from '../people/PersonFilter';
import { auditSpans } from './audit_spans';

/** Who did what to whose affairs, and who read whose words, among the people one looks after. */
export function AuditPage() {
  const [userId, setUserId] = useState<UserId | undefined>();
  const [action, setAction] = useState('');
  const [span, setSpan] = useState('ever');
  // The moment is taken when the span is chosen, or every render would ask anew.
  const [from, setFrom] = useState<number | undefined>();
  const person = usePerson(userId);
  const pages = usePages(api.audit.list, {
    userId,
    action: action || undefined,
    from,
  });

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
          ? `What ${person.user.name} did, and what was done to them.`
          : 'What people did to others’ affairs, and whose words they read.'}
      </PageHead>
      <PersonFilter chosen={person} onChoose={setUserId} />
      <div className="row wrap filters">
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
            setSpan(target.value);
            setFrom(auditSpans.find(({ value }) => value === target.value)?.from(Date.now()));
          }}
          value={span}
        >
          {auditSpans.map(({ value, words }) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </div>
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
