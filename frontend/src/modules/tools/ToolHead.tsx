import type { ToolProblem } from '@raptscallions/tool-yaml/tool_problem';
import { Link, useNavigate } from '@tanstack/react-router';
import { useId } from 'react';
import { Button, buttonClass } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { countOf } from '../../components/count_of';
import { formatTime } from '../../components/format_moment';
import { Icon } from '../../components/Icon';
import { IconButton } from '../../components/IconButton';
import { Menu, MenuItem } from '../../components/Menu';
import type { ToolDetail } from './tool.queries';
import { useArchiveTool } from './use_archive_tool';
import { useDuplicateTool } from './use_duplicate_tool';
import type { DraftState } from './use_tool_draft';

/** Name, state and the way to publish; when it is barred, why, and what to do about it. */
export function ToolHead({
  detail,
  state,
  problems,
  mayChange,
  next,
  clash,
  onBegin,
  onRaise,
  onPublish,
  onAssign,
}: {
  detail: ToolDetail;
  state: DraftState;
  problems: readonly ToolProblem[];
  mayChange: boolean;
  /** the version number a new draft would get */
  next: string;
  /** the draft's number is not above every published one */
  clash: boolean;
  onBegin: () => void;
  onRaise: () => void;
  onPublish: () => void;
  onAssign: () => void;
}) {
  const { tool, draft, published, groupName } = detail;
  const whyId = useId();
  const navigate = useNavigate();
  const archive = useArchiveTool();
  const duplicate = useDuplicateTool();
  const classes = new Set(detail.uses.map((use) => use.assignment.classId)).size;
  const first = problems[0];
  const barred = first
    ? problems.length === 1
      ? `Not yet: there is an error in line ${first.line}`
      : `Not yet: there are ${problems.length} errors, the first in line ${first.line}`
    : clash
      ? `Not yet: ${draft?.version} or later is published already`
      : null;
  return (
    <header className="ehead">
      <div className="grow">
        <p className="small">
          <Link to="/tools">Tools</Link> <span className="muted">/ {groupName ?? 'Everybody’s'}</span>
        </p>
        <div className="row flex-wrap">
          <h1>{draft?.name ?? tool.name}</h1>
          {draft && (
            <Chip tone="warm" icon="edit">
              Draft {draft.version}
            </Chip>
          )}
          {published && (
            <Chip tone="green" icon="check">
              {published.version}{' '}
              {classes > 0 ? `live in ${countOf(classes, 'class', 'classes')}` : 'published'}
            </Chip>
          )}
        </div>
      </div>
      <div className="pub">
        {draft && barred && (
          <p className="small tone-alert hint-row" id={whyId}>
            <span>
              <Icon name="x" /> {barred}
            </span>
            {!first && clash && (
              <button type="button" className="link" onClick={onRaise}>
                Make it {next}
              </button>
            )}
          </p>
        )}
        <div className="row">
          {draft && mayChange && <SavedNote state={state} />}
          {mayChange && (
            <Menu trigger={<IconButton icon="more" label={`More for ${tool.name}`} />}>
              <MenuItem icon="copy" onSelect={() => void duplicate(tool)}>
                Duplicate
              </MenuItem>
              <MenuItem
                icon="archive"
                onSelect={() => void archive(tool).then(() => navigate({ to: '/tools' }))}
              >
                Archive
              </MenuItem>
            </Menu>
          )}
          {draft && (
            <Link className={buttonClass()} to="/try/$toolVersionId" params={draft}>
              <Icon name="play" />
              Try it
            </Link>
          )}
          {draft && mayChange && (
            <Button look="primary" blockedBecause={barred} reasonId={whyId} onClick={onPublish}>
              Publish
            </Button>
          )}
          {!draft && mayChange && (
            <Button icon="edit" onClick={onBegin}>
              Edit as {next}
            </Button>
          )}
          {!draft && published && (
            <Button look="primary" icon="task" onClick={onAssign}>
              Assign
            </Button>
          )}
        </div>
      </div>
    </header>
  );
}

function SavedNote({ state }: { state: DraftState }) {
  const words = state.typing
    ? 'Writing'
    : state.held
      ? 'Kept here, sent once the errors are gone'
      : state.savedAt
        ? `Saved here ${formatTime(state.savedAt, true)}`
        : 'Saved';
  return (
    <span className="small muted saved" role="status">
      {words}
    </span>
  );
}
