import './products.css';
import type { ProductResult } from '@raptscallions/zod-schemas/product.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { Link, useNavigate } from '@tanstack/react-router';
import { useLiveQuery } from 'dexie-react-hooks';
import { api } from '../../api/client';
import { Button } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { Icon } from '../../components/Icon';
import { Menu, MenuItem } from '../../components/Menu';
import { NotHere } from '../../components/NotHere';
import { PageHead } from '../../components/PageHead';
import { SkeletonList, SkeletonPage } from '../../components/Skeleton';
import { saveFile } from '../../components/save_file';
import { TimeAgo } from '../../components/TimeAgo';
import { toastRefused } from '../../components/toast';
import { useLocalDb } from '../../local_db/local_db_context';
import { useEdit } from '../../sync/sync_context';
import { useSyncStatus } from '../../sync/use_sync_status';
import { useMe } from '../auth/me_context';
import { useUndoableEdit } from '../edits/use_undoable_edit';
import { MessageNotes } from '../hooks/MessageNotes';
import { readFormNotes } from '../hooks/note.queries';
import { describeResult } from './describe_result';
import { resultToCsv } from './export_result';
import { type ResultSetting, readResult, schemaOf } from './product.queries';
import { ResultView } from './ResultView';
import { formDraftKey } from './use_form';
import { useQueuedRuns } from './use_queued_runs';
import { useRecordResultView } from './use_record_result_view';

/** What came of a form: for whoever filled it in, and for the teachers of the class. */
export function ResultPage({ runId }: { runId: ProductResult['runId'] }) {
  const db = useLocalDb();
  const { userId } = useMe();
  const { firstLoad } = useSyncStatus();
  const setting = useLiveQuery(() => readResult(db, runId), [db, runId]);
  const own = setting?.result.userId === userId;
  const recorded = useRecordResultView(setting && !own ? runId : null);
  if (setting === undefined || (setting === null && firstLoad)) return <SkeletonPage />;
  if (setting === null) {
    return (
      <NotHere back="/" backLabel="Back" title="This result is not on this device">
        It was put away, or it belongs to somebody whose class you do not teach.
      </NotHere>
    );
  }
  return (
    <main className="main" id="main">
      <PageHead above={<Back own={own} setting={setting} />} title={own ? titleOf(setting) : setting.person}>
        {[own ? null : titleOf(setting), setting.className, setting.version?.version]
          .filter(Boolean)
          .join(', ')}
      </PageHead>
      {recorded ? (
        <Shown own={own} setting={setting} />
      ) : (
        <SkeletonList label="Your look is being recorded" />
      )}
    </main>
  );
}

function titleOf({ assignment, version }: ResultSetting): string {
  return assignment?.title ?? version?.name ?? 'A tool that was removed';
}

function Back({ setting, own }: { setting: ResultSetting; own: boolean }) {
  const { result, assignment } = setting;
  if (!own) return <Link to="/results">Results</Link>;
  return assignment ? (
    <Link params={assignment} to="/forms/$assignmentId">
      The form
    </Link>
  ) : (
    <Link params={result} to="/try-form/$toolVersionId">
      The form
    </Link>
  );
}

function Shown({ setting, own }: { setting: ResultSetting; own: boolean }) {
  const { result, run, version } = setting;
  const db = useLocalDb();
  const notes = useLiveQuery(() => readFormNotes(db, result.runId), [db, result.runId]) ?? [];
  const queued = useQueuedRuns().has(result.runId);
  const state = describeResult(run, queued);
  return (
    <div className="stack gap-5">
      <div className="form-foot no-print">
        <Chip icon={state.icon} tone={state.tone}>
          {state.word}
        </Chip>
        <span className="small soft">
          <TimeAgo ms={result.createdAt} />
          {result.repaired && ', mended once by the AI'}
        </span>
        <span className="grow" />
        <Actions own={own} setting={setting} state={state.name} />
      </div>
      <section aria-live="polite" className="card pad">
        <h2 className="sr">Result</h2>
        {result.provider === 'practice' && result.output && (
          <p className="result-label small soft">Practice model: a rehearsal, not a real AI.</p>
        )}
        {result.output ? (
          <ResultView schema={schemaOf(version?.outputSchema ?? null) ?? {}} value={result.output} />
        ) : (
          <Pending setting={setting} state={state.name} />
        )}
      </section>
      <MessageNotes notes={notes} />
      <details className="card pad" open={result.output === null}>
        <summary>
          <h2 className="inline">What was filled in</h2>
        </summary>
        <ResultView schema={schemaOf(version?.inputSchema ?? null) ?? {}} value={result.input} />
      </details>
    </div>
  );
}

function Pending({ setting, state }: { setting: ResultSetting; state: string }) {
  const { run } = setting;
  const { online } = useSyncStatus();
  const words = {
    queued: online
      ? 'It is on its way to the server.'
      : 'You are offline. It is kept on this device and sent by itself as soon as there is a network.',
    waiting:
      run?.notice === 'busy'
        ? 'Many people are asking the AI right now. It goes on by itself as soon as there is room.'
        : run?.notice === 'slow'
          ? 'The AI is taking longer than usual.'
          : 'The result is being made. You can leave this page; it will be here.',
    failed: run?.errorMessage ?? 'No result came.',
    stopped: 'It was stopped before there was a result.',
    held: run?.errorMessage ?? 'A filter of your school held it back.',
  }[state];
  return (
    <p className={state === 'failed' ? 'note tone-alert' : 'note'}>
      <Icon name={state === 'failed' ? 'warn' : state === 'held' ? 'lock' : 'clock'} />
      <span>{words}</span>
    </p>
  );
}

function Actions({ setting, own, state }: { setting: ResultSetting; own: boolean; state: string }) {
  const { result, run } = setting;
  const { runId, assignmentId, toolVersionId, input, output } = result;
  const db = useLocalDb();
  const edit = useEdit();
  const undoableEdit = useUndoableEdit();
  const navigate = useNavigate();

  const schema = schemaOf(setting.version?.outputSchema ?? null) ?? {};
  const toForm = () =>
    assignmentId
      ? navigate({ to: '/forms/$assignmentId', params: { assignmentId } })
      : navigate({ to: '/try-form/$toolVersionId', params: { toolVersionId } });
  async function again() {
    const next = newId('run');
    await edit('products.run', { runId: next, assignmentId, toolVersionId, input });
    await navigate({ to: '/results/$runId', params: { runId: next } });
  }
  async function change() {
    const key = formDraftKey(assignmentId ?? toolVersionId);
    await db.drafts.put({ key, text: JSON.stringify(input), updatedAt: Date.now() });
    await toForm();
  }
  async function stop() {
    await api.products
      .stop({ runId })
      .catch(() =>
        toastRefused('Not stopped: the server could not be reached. The result is still being made.'),
      );
  }
  async function putAway() {
    await undoableEdit({
      name: 'products.hide',
      args: { runId, hidden: true },
      opposite: { name: 'products.hide', args: { runId, hidden: false } },
      done: 'Result put away. Your teacher still has it.',
      icon: 'archive',
    });
    await toForm();
  }
  const fileName = `${titleOf(setting).replaceAll(/[^\p{L}\d]+/gu, '-')}-${new Date(result.createdAt).toISOString().slice(0, 10)}`;

  return (
    <>
      {own && state === 'waiting' && run && (
        <Button icon="stop" onClick={() => void stop()}>
          Stop
        </Button>
      )}
      {own && (state === 'failed' || state === 'stopped') && (
        <Button icon="refresh" look="primary" onClick={() => void edit('products.retry', { runId })}>
          Try again
        </Button>
      )}
      {own && (
        <Button icon="edit" onClick={() => void change()}>
          Change and send again
        </Button>
      )}
      {output && (
        <Menu trigger={<Button icon="download">Save or print</Button>}>
          <MenuItem icon="print" onSelect={() => window.print()}>
            Print
          </MenuItem>
          <MenuItem
            icon="download"
            onSelect={() =>
              saveFile(`${fileName}.csv`, 'text/csv;charset=utf-8', resultToCsv(schema, output))
            }
          >
            Save as CSV
          </MenuItem>
          <MenuItem
            icon="download"
            onSelect={() =>
              saveFile(`${fileName}.json`, 'application/json', JSON.stringify({ input, output }, null, 2))
            }
          >
            Save as JSON
          </MenuItem>
        </Menu>
      )}
      {own && (
        <Menu trigger={<Button icon="more">More</Button>}>
          <MenuItem icon="refresh" onSelect={() => void again()}>
            Make another from the same
          </MenuItem>
          <MenuItem icon="archive" onSelect={() => void putAway()}>
            Put away
          </MenuItem>
        </Menu>
      )}
    </>
  );
}
