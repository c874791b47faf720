import type { ToolVersion } from '@raptscallions/zod-schemas/tool.zod';
import { Mascot } from '../../components/Mascot';
import { Markdown } from './Markdown';

/** Before the first message: what there is to do, and whom one talks to. */
export function ChatOpening({
  toolVersion,
  instructions,
}: {
  toolVersion: ToolVersion;
  instructions: string | null;
}) {
  return (
    <div className="opening">
      <Mascot size={64} />
      <h2>{toolVersion.name}</h2>
      <p className="soft">{toolVersion.description ?? 'Write the first thought, and it begins.'}</p>
      {instructions && (
        <section aria-label="Instructions" className="card pad msg">
          <h3>What to do</h3>
          <div className="body">
            <Markdown text={instructions} />
          </div>
        </section>
      )}
    </div>
  );
}
