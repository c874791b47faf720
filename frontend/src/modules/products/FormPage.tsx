import './products.css';
import type { JsonSchema } from '@raptscallions/tool-yaml/check_value';
import type { AssignmentId } from '@raptscallions/zod-schemas/assignment.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { ToolVersion } from '@raptscallions/zod-schemas/tool.zod';
import { Link, useNavigate } from '@tanstack/react-router';
import { useLiveQuery } from 'dexie-react-hooks';
import { type FormEvent, useMemo, useRef } from 'react';
import { Button } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { countOf } from '../../components/count_of';
import { formatDue } from '../../components/format_moment';
import { Icon } from '../../components/Icon';
import { NotHere } from '../../components/NotHere';
import { PageHead } from '../../components/PageHead';
import { SkeletonPage } from '../../components/Skeleton';
import { TimeAgo } from '../../components/TimeAgo';
import { useNow } from '../../components/use_now';
import type { LocalDb } from '../../local_db/local_db';
import { useLocalDb } from '../../local_db/local_db_context';
import { useEdit } from '../../sync/sync_context';
import { useSyncStatus } from '../../sync/use_sync_status';
import { useMe } from '../auth/me_context';
import { describeInput } from './describe_input';
import { describeResult } from './describe_result';
import { type FormSetting, type FormTopic, readFormSetting } from './product.queries';
import { SchemaForm } from './SchemaForm';
import { formDraftKey, useForm } from './use_form';
import { useQueuedRuns } from './use_queued_runs';

/** A pupil's form on an assignment, or an author's trial of a version. */
export function FormPage({
  assignmentId,
  toolVersionId,
}: {
  assignmentId?: AssignmentId;
  toolVersionId?: ToolVersion['toolVersionId'];
}) {
  const db = useLocalDb();
  const { userId } = useMe();
  const { firstLoad, online } = useSyncStatus();
  const topic = useMemo<FormTopic | null>(
    () => (assignmentId ? { assignmentId } : toolVersionId ? { toolVersionId } : null),
    [assignmentId, toolVersionId],
  );
  const setting = useLiveQuery(
    () => (topic ? readFormSetting(db, topic, userId) : null),
    [db, topic, userId],
  );
  if (setting === undefined || (setting === null && firstLoad && online)) return <SkeletonPage />;
  if (setting === null) {
    return (
      <NotHere back="/" backLabel="Back to my work" title="This form is not on this device">
        {online
          ? 'It was taken back, or it belongs to a class that is not yours.'
          : 'It was never loaded here. It comes by itself when you are back online.'}
      </NotHere>
    );
  }
  const { version, assignment, teachers } = setting;
  return (
    <main className="main" id="main">
      <PageHead title={assignment?.title ?? version.name}>
        {assignment?.instructions ?? version.description ?? 'Fill it in, and the tool makes something of it.'}
      </PageHead>
      <DueLine setting={setting} />
      <p className="seen">
        <Icon name={assignment ? 'eye' : 'tool'} />
        <span>
          {assignment ? (
            <>
              <b>Your teacher can read this.</b>
              {teachers.length > 0 && ` ${teachers.join(', ')} can; every look is recorded.`}
            </>
          ) : (
            <b>You are trying a tool. No class sees this.</b>
          )}{' '}
          The AI can be wrong.
        </span>
      </p>
      <div className="form-page">
        {setting.schema ? (
          <TheForm db={db} key={version.toolVersionId} schema={setting.schema} setting={setting} />
        ) : (
          <p>This version has no form that works. Its author can publish it anew.</p>
        )}
        <History setting={setting} />
      </div>
    </main>
  );
}

function DueLine({ setting }: { setting: FormSetting }) {
  const now = useNow();
  const { assignment, version } = setting;
  const parts = [
    assignment && version.name !== assignment.title ? version.name : null,
    assignment?.dueAt ? `due ${formatDue(assignment.dueAt, now)}` : null,
  ].filter(Boolean);
  return parts.length > 0 ? <p className="small soft">{parts.join(', ')}</p> : null;
}

function TheForm({ db, schema, setting }: { db: LocalDb; schema: JsonSchema; setting: FormSetting }) {
  const { assignment, version } = setting;
  const edit = useEdit();
  const navigate = useNavigate();
  const { online } = useSyncStatus();
  const form = useForm(db, formDraftKey(assignment?.assignmentId ?? version.toolVersionId), schema);
  const element = useRef<HTMLFormElement>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const input = form.submit();
    if (!input) {
      // After the flaws are drawn.
      requestAnimationFrame(() =>
        element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(),
      );
      return;
    }
    const runId = newId('run');
    const assignmentId = assignment?.assignmentId ?? null;
    await edit('products.run', { runId, assignmentId, toolVersionId: version.toolVersionId, input });
    await form.clear();
    await navigate({ to: '/results/$runId', params: { runId } });
  }

  return (
    <form className="form card pad" noValidate onSubmit={(event) => void submit(event)} ref={element}>
      <SchemaForm flaws={form.flaws} onChange={form.change} schema={schema} value={form.value} />
      {form.flaws.length > 0 && (
        <p className="tone-alert note" role="alert">
          <Icon name="warn" />
          <span>
            {form.flaws.find(({ path }) => path.length === 0)?.message ??
              `${countOf(form.flaws.length, 'field needs', 'fields need')} another look.`}
          </span>
        </p>
      )}
      {form.failed && (
        <p className="tone-alert">This device cannot keep what you write. Send it before you leave.</p>
      )}
      <div className="form-foot">
        <Button icon="send" look="primary" type="submit">
          Send
        </Button>
        {!online && (
          <span className="small soft">You are offline: it is kept here and sent by itself later.</span>
        )}
      </div>
    </form>
  );
}

function History({ setting }: { setting: FormSetting }) {
  const queued = useQueuedRuns();
  const { results } = setting;
  return (
    <section aria-labelledby="results" className="no-print">
      <h2 className="pane-title" id="results">
        Your results
      </h2>
      {results.length === 0 ? (
        <p className="soft">Nothing yet. What comes of the form stays here.</p>
      ) : (
        <ul className="list card slim">
          {results.map(({ result, run }) => {
            const state = describeResult(run, queued.has(result.runId));
            return (
              <li className="opens" key={result.runId}>
                <div className="grow">
                  <Link className="who" params={{ runId: result.runId }} to="/results/$runId">
                    {describeInput(setting.schema, result.input)}
                  </Link>
                  <p className="small soft">
                    <TimeAgo ms={result.createdAt} />
                  </p>
                </div>
                <Chip icon={state.icon} tone={state.tone}>
                  {state.word}
                </Chip>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
