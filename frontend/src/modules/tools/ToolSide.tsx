import type { ToolVersion } from '@raptscallions/zod-schemas/tool.zod';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { Button } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { countOf } from '../../components/count_of';
import { formatDay, formatDue } from '../../components/format_moment';
import { SkeletonBar } from '../../components/Skeleton';
import { useNow } from '../../components/use_now';
import type { ToolDetail } from './tool.queries';

const VersionDiff = lazy(async () => ({ default: (await import('./editor/VersionDiff')).VersionDiff }));

/** Beside the editor: every version with what changed since, and the classes that use the tool. */
export function ToolSide({
  hidden,
  detail,
  text,
  mayChange,
  onRestore,
  onAssign,
}: {
  hidden: boolean;
  detail: ToolDetail;
  /** what the editor shows, which every version is compared with */
  text: string;
  mayChange: boolean;
  onRestore: (yaml: string, version: string) => void;
  onAssign: () => void;
}) {
  const now = useNow();
  const [comparedId, setComparedId] = useState<string | null>(null);
  const { versions, sources, draft, published, uses } = detail;
  const compared = versions.find((version) => version.toolVersionId === comparedId) ?? null;
  const comparedYaml = compared && sources.get(compared.toolVersionId)?.yaml;
  const shown = draft ?? published;
  return (
    <aside className={`pane pane-side ${hidden ? 'put-away' : ''}`} aria-label="Versions and use">
      {mayChange && (
        <p className="small">
          <Link search={{ toolId: detail.tool.toolId }} to="/modules">
            Modules that read along
          </Link>
        </p>
      )}
      <section aria-labelledby="versions">
        <div className="phead">
          <h2 id="versions" className="pane-title">
            Versions
          </h2>
          <span className="small soft">{versions.length}</span>
        </div>
        <ul className="list slim">
          {versions.map((version) => (
            <li key={version.toolVersionId}>
              <div className="grow">
                <div className="row flex-wrap gap-y-0">
                  <b>{version.version}</b>
                  <VersionChip version={version} published={published} />
                </div>
                <p className="small soft">{describe(version, detail, now)}</p>
              </div>
              {version.toolVersionId !== shown?.toolVersionId && (
                <div className="row">
                  <Button
                    small
                    look="quiet"
                    aria-pressed={comparedId === version.toolVersionId}
                    aria-label={`Compare ${version.version} with ${shown?.version}`}
                    onClick={() =>
                      setComparedId(comparedId === version.toolVersionId ? null : version.toolVersionId)
                    }
                  >
                    Compare
                  </Button>
                  {mayChange && (
                    <Button
                      small
                      aria-label={`Restore ${version.version}`}
                      onClick={() => {
                        const yaml = sources.get(version.toolVersionId)?.yaml;
                        if (yaml) onRestore(yaml, version.version);
                      }}
                    >
                      Restore
                    </Button>
                  )}
                </div>
              )}
            </li>
          ))}
        </ul>
      </section>
      {compared && comparedYaml && (
        <section className="diff-box" aria-label={`From ${compared.version} to ${shown?.version}`}>
          <div className="phead">
            <b>{compared.version}</b>
            <span className="small soft">with</span>
            <b>{shown?.version}</b>
            <span className="grow" />
            <Button look="quiet" small icon="x" onClick={() => setComparedId(null)}>
              Close
            </Button>
          </div>
          <Suspense fallback={<SkeletonBar width="60%" />}>
            <VersionDiff before={comparedYaml} after={text} />
          </Suspense>
        </section>
      )}
      <section aria-labelledby="uses">
        <div className="phead">
          <h2 id="uses" className="pane-title">
            In use
          </h2>
          <span className="grow" />
          {published && (
            <Button small onClick={onAssign}>
              Assign
            </Button>
          )}
        </div>
        {uses.length === 0 ? (
          <p className="pad-m soft">
            {published ? 'No class has it yet.' : 'Publish it first; then you can give it to a class.'}
          </p>
        ) : (
          <ul className="list slim">
            {uses.map(({ assignment, className, version }) => (
              <li key={assignment.assignmentId}>
                <div className="grow">
                  <Link className="who" to="/classes/$classId" params={assignment}>
                    {className}
                  </Link>
                  <p className="small soft">
                    {assignment.title}
                    {assignment.dueAt ? `, due ${formatDue(assignment.dueAt, now)}` : ''}
                  </p>
                </div>
                <Chip>{version}</Chip>
              </li>
            ))}
          </ul>
        )}
      </section>
    </aside>
  );
}

function VersionChip({ version, published }: { version: ToolVersion; published: ToolVersion | null }) {
  if (version.status === 'draft') return <Chip tone="warm">Draft</Chip>;
  if (version.toolVersionId === published?.toolVersionId) return <Chip tone="green">Newest</Chip>;
  return null;
}

function describe(version: ToolVersion, detail: ToolDetail, now: number): string {
  const classes = new Set(
    detail.uses
      .filter((use) => use.assignment.toolVersionId === version.toolVersionId)
      .map((use) => use.assignment.classId),
  ).size;
  const when =
    version.publishedAt !== null
      ? `published ${formatDay(version.publishedAt, now)}`
      : `changed ${formatDay(version.updatedAt, now)}`;
  return classes > 0 ? `${when}, in ${countOf(classes, 'class', 'classes')}` : when;
}
