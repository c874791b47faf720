import { useMemo } from 'react';
import { type DiffLine, diffToolYaml, foldDiff } from './diff_tool_yaml';

/** What changed from one version of a tool's YAML to another, part by part. */
export function VersionDiff({ before, after }: { before: string; after: string }) {
  const hunks = useMemo(() => foldDiff(diffToolYaml(before, after)), [before, after]);
  if (hunks.length === 0)
    return <p className="pad-m soft">Nothing changed: the two are the same, line for line.</p>;
  return (
    <div className="diff">
      {hunks.map((hunk) => (
        <Hunk key={keyOf(hunk.lines[0])} title={hunk.title} lines={hunk.lines} />
      ))}
    </div>
  );
}

function Hunk({ title, lines }: { title: string; lines: DiffLine[] }) {
  return (
    <>
      <div className="hunk">{title}</div>
      {lines.map((line) => (
        <div key={keyOf(line)} className={line.kind === 'same' ? undefined : line.kind}>
          <span>{line.kind === 'del' ? line.before : line.after}</span>
          <span>{line.kind !== 'same' && <Mark added={line.kind === 'ins'} />}</span>
          <span>{line.text}</span>
        </div>
      ))}
    </>
  );
}

function Mark({ added }: { added: boolean }) {
  return (
    <>
      <span aria-hidden="true">{added ? '+' : '−'}</span>
      <span className="sr">{added ? 'added' : 'removed'}</span>
    </>
  );
}

function keyOf(line: DiffLine | undefined): string {
  if (!line) return '';
  return line.kind === 'del' ? `before ${line.before}` : `after ${line.after}`;
}
