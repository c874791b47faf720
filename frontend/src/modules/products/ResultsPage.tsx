import './products.css';
import type { AssignmentId } from '@raptscallions/zod-schemas/assignment.zod';
import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import { Link } from '@tanstack/react-router';
import { useLiveQuery } from 'dexie-react-hooks';
import { Chip } from '../../components/Chip';
import { type Column, DataTable } from '../../components/DataTable';
import { EmptyState } from '../../components/EmptyState';
import { PageHead } from '../../components/PageHead';
import { SkeletonTable } from '../../components/Skeleton';
import { TimeAgo } from '../../components/TimeAgo';
import { useLocalDb } from '../../local_db/local_db_context';
import { useMe } from '../auth/me_context';
import { describeInput } from './describe_input';
import { describeResult } from './describe_result';
import { type ResultSetting, readClassResults, schemaOf } from './product.queries';

/** For teachers: what the pupils of their classes made with forms. */
export function ResultsPage({ classId, assignmentId }: { classId?: ClassId; assignmentId?: AssignmentId }) {
  const db = useLocalDb();
  const { userId } = useMe();
  const results = useLiveQuery(
    () => readClassResults(db, userId, { classId, assignmentId }),
    [db, userId, classId, assignmentId],
  );
  const narrowed = classId !== undefined || assignmentId !== undefined;
  const title = assignmentId ? results?.[0]?.assignment?.title : undefined;
  return (
    <main className="main" id="main">
      <PageHead above={narrowed && <Link to="/results">All results</Link>} title={title ?? 'Results'}>
        What your pupils made with forms. Opening one is recorded.
      </PageHead>
      {results === undefined && <SkeletonTable label="The results are being gathered" />}
      {results?.length === 0 && (
        <EmptyState level={2} title="No results yet">
          Give a class a form tool; what its pupils make of it comes here by itself.
        </EmptyState>
      )}
      {results && results.length > 0 && (
        <DataTable columns={columns} label="Results" rowKey={({ result }) => result.runId} rows={results} />
      )}
    </main>
  );
}

const columns: Column<ResultSetting>[] = [
  {
    key: 'person',
    head: 'Pupil',
    cell: ({ person, result }) => (
      <Link params={{ runId: result.runId }} to="/results/$runId">
        {person}
      </Link>
    ),
  },
  {
    key: 'about',
    head: 'About',
    cell: ({ result, assignment, version }) => (
      <>
        {describeInput(schemaOf(version?.inputSchema ?? null), result.input)}
        <span className="small muted"> {assignment?.title ?? version?.name}</span>
      </>
    ),
  },
  { key: 'class', head: 'Class', wideOnly: true, cell: ({ className }) => className ?? '–' },
  {
    key: 'state',
    head: 'State',
    cell: ({ run }) => {
      const state = describeResult(run, false);
      return (
        <Chip icon={state.icon} tone={state.tone}>
          {state.word}
        </Chip>
      );
    },
  },
  { key: 'when', head: 'Sent', wideOnly: true, cell: ({ result }) => <TimeAgo ms={result.createdAt} /> },
];
