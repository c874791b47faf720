import type { RosterDiff, RosterRun } from '@raptscallions/zod-schemas/roster.zod';
import { useAnswer } from '../../api/use_answer';
import { Dialog } from '../../components/Dialog';
import { SkeletonList } from '../../components/Skeleton';
import { readSample, type Sample } from './read_sample';

/** Records of one kind as they are and as they would be, field by field. */
export function SampleDialog({
  rosterRunId,
  sample,
  onClose,
}: {
  rosterRunId: RosterRun['rosterRunId'];
  sample: Sample;
  onClose: () => void;
}) {
  const { state } = useAnswer(
    () => readSample(rosterRunId, sample),
    `${rosterRunId} ${sample.entity} ${sample.ops.join()}`,
  );
  return (
    <Dialog
      description="The first of them by their id in the school system."
      onClose={onClose}
      open
      title={sample.title}
      wide
    >
      <div className="dialog-body samples">
        {state.name === 'loading' && <SkeletonList label="Some records are being fetched" />}
        {state.name === 'failed' && <p>The server cannot be reached right now. Close this and try again.</p>}
        {state.name === 'loaded' && (
          <ul className="stack">
            {state.data.map((diff) => (
              <li className="card pad" key={diff.sourcedId}>
                <b className="break">{diff.sourcedId}</b>
                {diff.line !== null && <span className="small muted"> line {diff.line}</span>}
                <Fields diff={diff} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}

function Fields({ diff: { before, after } }: { diff: RosterDiff }) {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort();
  const changed = names.filter((name) => show(before?.[name]) !== show(after?.[name]));
  const shown = before && after ? changed : names;
  return (
    <dl className="sample-fields">
      {shown.map((name) => (
        <div key={name}>
          <dt>{name}</dt>
          {before && (
            <dd>
              <del>{show(before[name])}</del>
            </dd>
          )}
          {after && (
            <dd>
              <ins>{show(after[name])}</ins>
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}

function show(value: unknown): string {
  if (value === undefined || value === null) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
