import './replay.css';
import type { ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import type { RunOriginals } from '@raptscallions/zod-schemas/hook.zod';
import type { Replay, ReplayStep } from '@raptscallions/zod-schemas/replay.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { useEffect, useRef, useState } from 'react';
import { api } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { Button } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { formatDay, formatTime } from '../../components/format_moment';
import { Icon } from '../../components/Icon';
import { IconButton } from '../../components/IconButton';
import { NotLoaded } from '../../components/NotLoaded';
import { PageHead } from '../../components/PageHead';
import { SkeletonTable } from '../../components/Skeleton';
import { useNow } from '../../components/use_now';
import { Markdown } from '../chat/Markdown';
import { OriginalsDialog } from '../hooks/OriginalsDialog';
import { describeStep, formatMs } from './describe_step';
import { usePlayhead } from './use_playhead';

/** A session as it happened, for teachers and administrators. It is kept on the server, and a look is recorded. */
export function ReplayPage({ chatSessionId }: { chatSessionId: ChatSessionId }) {
  // One look, one record, however often it is asked for.
  const [transcriptViewId] = useState(() => newId('view'));
  const { state, reload } = useAnswer(
    () => api.chat.replay({ chatSessionId, transcriptViewId }),
    chatSessionId,
  );
  const replay = state.name === 'loaded' ? state.data : null;
  return (
    <main className="main" id="main">
      <PageHead title={replay ? `Replay: ${replay.person}` : 'Replay'}>
        {replay
          ? [replay.assignment, replay.className, `${replay.tool} ${replay.version}`]
              .filter(Boolean)
              .join(', ')
          : 'A chat as it happened.'}
      </PageHead>
      {state.name === 'loading' && <SkeletonTable label="The replay is being fetched" />}
      {state.name === 'failed' && (
        <NotLoaded onRetry={() => void reload()}>
          Replays are kept on the server. It cannot be reached right now, or this chat is not yours to replay.
        </NotLoaded>
      )}
      {replay && <Player replay={replay} />}
    </main>
  );
}

function Player({ replay }: { replay: Replay }) {
  const { steps, mayReadOriginals } = replay;
  const { place, last, go, playing, toggle } = usePlayhead(steps);
  const step = steps[place];
  if (!step) return null;
  const { line } = describeStep(step);
  return (
    <>
      <p className="small soft">That you opened this was recorded. J and K step through it.</p>
      <div className="replay-bar">
        <Button icon={playing ? 'pause' : 'play'} look="primary" onClick={toggle}>
          {playing ? 'Pause' : 'Play'}
        </Button>
        <IconButton icon="left" label="Step back (K)" onClick={() => go(place - 1)} />
        <input
          aria-label="Place in the replay"
          aria-valuetext={`${formatTime(step.at, true)}: ${line}`}
          max={last}
          min={0}
          onChange={({ target }) => go(Number(target.value))}
          type="range"
          value={place}
        />
        <IconButton icon="right" label="Step on (J)" onClick={() => go(place + 1)} />
        <span className="small soft">
          {place + 1} of {last + 1}
        </span>
      </div>
      <div className="replay">
        <Said place={place} steps={steps} />
        <div>
          <StepDetails mayReadOriginals={mayReadOriginals} step={step} />
          <StepList go={go} place={place} steps={steps} />
        </div>
      </div>
    </>
  );
}

/** What had been said by then. */
function Said({ steps, place }: { steps: readonly ReplayStep[]; place: number }) {
  const said = steps
    .slice(0, place + 1)
    .flatMap((step, at) => (step.kind === 'question' || step.kind === 'answer' ? [{ at, step }] : []));
  return (
    <section aria-labelledby="said">
      <h2 className="pane-title" id="said">
        What was said
      </h2>
      {said.length === 0 && <p className="soft">Nothing yet.</p>}
      <ol className="replay-said">
        {said.map(({ at, step }) => (
          <li className={at === place ? 'now' : undefined} key={at}>
            <p className="small soft">
              <b>{step.kind === 'question' ? 'Pupil' : 'Tool'}</b>, {formatTime(step.at, true)}
              {step.replaced && ', replaced later'}
            </p>
            <div className="text">
              {step.text === null ? (
                <p className="soft">No answer came.</p>
              ) : step.kind === 'answer' ? (
                <Markdown text={step.text} />
              ) : (
                <p className="raw">{step.text}</p>
              )}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

function StepDetails({ step, mayReadOriginals }: { step: ReplayStep; mayReadOriginals: boolean }) {
  const [heldRunId, setHeldRunId] = useState<RunOriginals['runId'] | null>(null);
  const { line, icon, tone } = describeStep(step);
  const facts = factsOf(step);
  return (
    <section aria-label="This step" aria-live="polite" className="card pad replay-step">
      <p>
        <Chip icon={icon} tone={tone}>
          {formatTime(step.at, true)}
        </Chip>
      </p>
      <h2>{line}</h2>
      {facts.length > 0 && (
        <dl className="facts">
          {facts.map(([name, value]) => (
            <div className="row" key={name}>
              <dt className="small soft">{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {step.kind === 'verdict' && step.outcome === 'blocked' && mayReadOriginals && (
        <Button icon="eye" onClick={() => setHeldRunId(step.runId)}>
          What was held back
        </Button>
      )}
      {heldRunId && <OriginalsDialog onClose={() => setHeldRunId(null)} runId={heldRunId} />}
      {step.kind === 'prompt' &&
        (step.sections === null ? (
          <p className="small soft">The prompt itself is shown to administrators.</p>
        ) : (
          step.sections.map(({ heading, text }) => (
            <details key={heading}>
              <summary>{heading.charAt(0) + heading.slice(1).toLowerCase()}</summary>
              <pre>{text}</pre>
            </details>
          ))
        ))}
    </section>
  );
}

function factsOf(step: ReplayStep): [string, string][] {
  switch (step.kind) {
    case 'verdict':
      return [
        ['Asked', step.calls === 1 ? 'once' : `${step.calls} times`],
        ...(step.reason ? [['Reason', step.reason] satisfies [string, string]] : []),
      ];
    case 'answer':
      return [
        ['Model', [step.model, step.provider].filter(Boolean).join(', ') || 'none was asked'],
        ['Tokens', `${step.promptTokens ?? 0} in, ${step.completionTokens ?? 0} out`],
        ['Took', formatMs(step.tookMs)],
        ...(step.errorMessage ? [['Told', step.errorMessage] satisfies [string, string]] : []),
        ...(step.errorCode ? [['Code', step.errorCode.replaceAll('_', ' ')] satisfies [string, string]] : []),
      ];
    case 'prompt':
      return [['Attempt', String(step.attempt)]];
    default:
      return [];
  }
}

function StepList({
  steps,
  place,
  go,
}: {
  steps: readonly ReplayStep[];
  place: number;
  go: (place: number) => void;
}) {
  const list = useRef<HTMLOListElement>(null);
  const now = useNow();
  useEffect(() => {
    const current = list.current?.children[place];
    if (!(current instanceof HTMLElement) || !list.current) return;
    // Only the list is moved, never the page.
    list.current.scrollTop = current.offsetTop - list.current.offsetTop - list.current.clientHeight / 2;
  }, [place]);
  return (
    <section aria-labelledby="steps">
      <h2 className="pane-title" id="steps">
        What happened
      </h2>
      <ol className="replay-steps" ref={list}>
        {steps.map((step, at) => {
          const { line, icon } = describeStep(step);
          const key = `${step.at} ${step.kind} ${at}`;
          return (
            <li key={key}>
              <button
                aria-current={at === place ? 'step' : undefined}
                className={at > place ? 'later' : undefined}
                onClick={() => go(at)}
                type="button"
              >
                <Icon name={icon} />
                <span>{line}</span>
                <span className="muted">
                  {isNewDay(steps[at - 1], step) && `${formatDay(step.at, now)}, `}
                  {formatTime(step.at, true)}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function isNewDay(before: ReplayStep | undefined, step: ReplayStep): boolean {
  return !before || new Date(before.at).toDateString() !== new Date(step.at).toDateString();
}
