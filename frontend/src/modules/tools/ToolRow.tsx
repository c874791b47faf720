import { Link, useNavigate } from '@tanstack/react-router';
import { Button } from '../../components/Button';
import { Icon } from '../../components/Icon';
import { IconButton } from '../../components/IconButton';
import { Menu, MenuItem } from '../../components/Menu';
import type { ToolSummary } from './tool.queries';
import { ToolStateChip, toolLine } from './tool_state';
import { useArchiveTool } from './use_archive_tool';
import { useDuplicateTool } from './use_duplicate_tool';

/** One tool in the list, with what can be done to it. */
export function ToolRow({
  summary,
  mayChange,
  mayArchive,
  mayAssign,
  onAssign,
}: {
  summary: ToolSummary;
  mayChange: boolean;
  mayArchive: boolean;
  mayAssign: boolean;
  onAssign: () => void;
}) {
  const { tool, published, draft } = summary;
  const navigate = useNavigate();
  const archive = useArchiveTool();
  const duplicate = useDuplicateTool();
  const tryId = draft?.toolVersionId ?? published?.toolVersionId;
  const version = draft ?? published;
  const author = summary.ownerName && !mayChange ? ` by ${summary.ownerName}` : '';
  return (
    <li>
      <span className={`mark ${published ? 'green' : ''}`}>
        <Icon name="tool" />
      </span>
      <div className="grow">
        <Link className="who" to="/tools/$toolId" params={tool}>
          {tool.name}
        </Link>
        <p className="small soft">
          {toolLine(summary)}
          {author}
          {version?.subject ? `, ${version.subject}` : ''}
        </p>
      </div>
      <ToolStateChip summary={summary} />
      {published && mayAssign && (
        <Button small aria-label={`Assign ${tool.name}`} onClick={onAssign}>
          Assign
        </Button>
      )}
      <Menu trigger={<IconButton icon="more" small label={`More for ${tool.name}`} />}>
        <MenuItem
          icon={mayChange ? 'edit' : 'eye'}
          onSelect={() => void navigate({ to: '/tools/$toolId', params: tool })}
        >
          {mayChange ? 'Edit' : 'Look at it'}
        </MenuItem>
        {tryId && (
          <MenuItem
            icon="play"
            onSelect={() => void navigate({ to: '/try/$toolVersionId', params: { toolVersionId: tryId } })}
          >
            Try it as a pupil
          </MenuItem>
        )}
        {mayChange && (
          <MenuItem icon="copy" onSelect={() => void duplicate(tool)}>
            Duplicate
          </MenuItem>
        )}
        {mayArchive && (
          <MenuItem icon="archive" onSelect={() => void archive(tool)}>
            Archive
          </MenuItem>
        )}
      </Menu>
    </li>
  );
}
