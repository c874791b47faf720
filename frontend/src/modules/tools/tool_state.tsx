import { Chip } from '../../components/Chip';
import { countOf } from '../../components/count_of';
import type { ToolSummary } from './tool.queries';

/** "1.2.0 live in 8B and 8D", "1.0.0, given to nobody yet", "1.0.0 by J. Pruitt". */
export function toolLine({ published, draft, classNames, tool }: ToolSummary): string {
  const version = published?.version ?? draft?.version ?? '';
  const form = tool.kind === 'product' ? ', form' : '';
  if (!published) return `${version}${form}, only you see it`;
  if (classNames.length === 0) return `${version}${form}, given to no class yet`;
  const names =
    classNames.length <= 2 ? classNames.join(' and ') : countOf(classNames.length, 'class', 'classes');
  return `${version}${form} live in ${names}`;
}

/** Published, draft, or both at once. */
export function ToolStateChip({ summary: { published, draft } }: { summary: ToolSummary }) {
  if (published && draft) {
    return (
      <Chip tone="warm" icon="edit">
        Draft {draft.version}
      </Chip>
    );
  }
  if (published) {
    return (
      <Chip tone="green" icon="check">
        Published
      </Chip>
    );
  }
  return <Chip icon="edit">Draft</Chip>;
}
