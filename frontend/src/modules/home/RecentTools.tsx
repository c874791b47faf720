import { mayMakeTools } from '@raptscallions/policies/ability';
import { Link } from '@tanstack/react-router';
import { useLiveQuery } from 'dexie-react-hooks';
import { buttonClass } from '../../components/Button';
import { EmptyState } from '../../components/EmptyState';
import { Mascot } from '../../components/Mascot';
import { SkeletonList } from '../../components/Skeleton';
import { useLocalDb } from '../../local_db/local_db_context';
import { useMe } from '../auth/me_context';
import { readToolSummaries } from '../tools/tool.queries';
import { ToolStateChip, toolLine } from '../tools/tool_state';

/** The tools somebody changed last, one's own first. */
export function RecentTools() {
  const db = useLocalDb();
  const me = useMe();
  const tools = useLiveQuery(() => readToolSummaries(db), [db]);
  const sorted = tools && [
    ...tools.filter((tool) => tool.tool.ownerUserId === me.userId),
    ...tools.filter((tool) => tool.tool.ownerUserId !== me.userId),
  ];
  const draft = sorted?.find((entry) => !entry.published && entry.tool.ownerUserId === me.userId);
  return (
    <section aria-labelledby="tools" className="tools">
      <div className="sec-head">
        <h2 id="tools">Recent tools</h2>
        {sorted && sorted.length > 0 && <Link to="/tools">All {sorted.length}</Link>}
      </div>
      {sorted === undefined ? (
        <SkeletonList label="Loading tools" />
      ) : sorted.length === 0 ? (
        <div className="card">
          <EmptyState
            title="Not a single tool in the shed"
            action={
              mayMakeTools(me.actor) && (
                <Link className={buttonClass()} to="/tools/new">
                  Start from an example
                </Link>
              )
            }
          >
            A tool is a page of YAML that says how the AI should behave. Start from one that works.
          </EmptyState>
        </div>
      ) : (
        <ul className="list card">
          {sorted.slice(0, 4).map((entry) => (
            <li className="opens" key={entry.tool.toolId}>
              <div className="grow">
                <Link className="who" to="/tools/$toolId" params={entry.tool}>
                  {entry.tool.name}
                </Link>
                <p className="small soft">{toolLine(entry)}</p>
              </div>
              <ToolStateChip summary={entry} />
            </li>
          ))}
        </ul>
      )}
      {draft && (
        <p className="small soft tip">
          <Mascot />
          <span>
            A draft helps nobody but you.{' '}
            <Link to="/tools/$toolId" params={draft.tool}>
              Finish {draft.tool.name}
            </Link>
          </span>
        </p>
      )}
    </section>
  );
}
