import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { RunPrompt, RunSummary } from '@raptscallions/zod-schemas/run.zod';
import { useEffect, useState } from 'react';
import { api } from '../../api/client';
import { Dialog } from '../../components/Dialog';
import { formatTime } from '../../components/format_moment';
import { SkeletonList } from '../../components/Skeleton';

const speakers = { system: 'Instructions', user: 'Pupil', assistant: 'Tool' } as const;

/** What was sent to the AI for a run, attempt by attempt. Asking for it leaves a record. */
export function PromptDialog({ run, onClose }: { run: RunSummary; onClose: () => void }) {
  const [prompt, setPrompt] = useState<RunPrompt | 'failed' | null>(null);
  const { runId } = run;
  // One look, one record, however often React runs the effect.
  const [runPromptViewId] = useState(() => newId('promptview'));
  useEffect(() => {
    let gone = false;
    api.runs
      .inspectPrompt({ runId, runPromptViewId })
      .then((found) => !gone && setPrompt(found))
      .catch(() => !gone && setPrompt('failed'));
    return () => {
      gone = true;
    };
  }, [runId, runPromptViewId]);
  return (
    <Dialog
      description={`${run.person}, ${run.tool}. That you opened this was recorded.`}
      onClose={onClose}
      open
      title="What was sent to the AI"
      wide
    >
      <div className="dialog-body prompt-view">{describe(prompt)}</div>
    </Dialog>
  );
}

/** Messages have no ids of their own; their order never changes. */
function inPlace(messages: RunPrompt['attempts'][number]['messages']) {
  return messages.map((message, at) => ({ ...message, place: at + 1 }));
}

function describe(prompt: RunPrompt | 'failed' | null) {
  if (prompt === null) return <SkeletonList label="The prompt is being fetched" />;
  if (prompt === 'failed') {
    return (
      <p>The server did not hand it out. Check the network, and whether you still look after its class.</p>
    );
  }
  if (prompt.attempts.length === 0) return <p>Nothing has been sent for this run yet.</p>;
  return prompt.attempts.map(({ attempt, model, messages, sentAt }) => (
    <section aria-label={`Attempt ${attempt}`} key={attempt}>
      <p className="small soft">
        Attempt {attempt}, sent at {formatTime(sentAt, true)} to {model ?? 'the default model'}
      </p>
      <ol>
        {inPlace(messages).map(({ role, content, place }) => (
          <li key={place}>
            <b>{speakers[role]}</b>
            <pre>{content}</pre>
          </li>
        ))}
      </ol>
    </section>
  ));
}
