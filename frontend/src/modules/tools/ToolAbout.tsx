import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button, buttonClass } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { Icon } from '../../components/Icon';
import { PageHead } from '../../components/PageHead';
import { AssignDialog } from '../assignments/AssignDialog';
import { useTaughtClassIds } from '../auth/me_context';
import type { ToolDetail } from './tool.queries';

/** A tool somebody else wrote: what it is for, never its prompt. */
export function ToolAbout({ detail }: { detail: ToolDetail }) {
  const { tool, published, uses, groupName } = detail;
  const taught = useTaughtClassIds();
  const [assigning, setAssigning] = useState(false);
  const version = published ?? detail.versions[0];
  return (
    <main className="main" id="main">
      <PageHead
        title={tool.name}
        above={
          <>
            <Link to="/tools">Tools</Link> <span className="muted">/ {groupName ?? 'Everybody’s'}</span>
          </>
        }
        actions={
          published && (
            <>
              <Link className={buttonClass()} to="/try/$toolVersionId" params={published}>
                <Icon name="play" />
                Try it
              </Link>
              {taught.length > 0 && (
                <Button look="primary" icon="task" onClick={() => setAssigning(true)}>
                  Assign
                </Button>
              )}
            </>
          )
        }
      >
        {version?.description ?? 'Its author keeps the YAML to themselves; you can use and assign it.'}
      </PageHead>
      <div className="card scroll-x">
        <table className="data facts">
          <tbody>
            <tr>
              <th scope="row">Version</th>
              <td>
                {version?.version} {published && <Chip tone="green">Published</Chip>}
              </td>
            </tr>
            <tr>
              <th scope="row">Kind</th>
              <td>{tool.kind === 'chat' ? 'Chat' : 'Form'}</td>
            </tr>
            {version?.subject && (
              <tr>
                <th scope="row">Subject</th>
                <td>{version.subject}</td>
              </tr>
            )}
            {version?.maxMessages && (
              <tr>
                <th scope="row">Longest chat</th>
                <td>{version.maxMessages} messages</td>
              </tr>
            )}
            <tr>
              <th scope="row">Given to</th>
              <td>
                {uses.length > 0
                  ? [...new Set(uses.map((use) => use.className))].join(', ')
                  : 'No class you see'}
              </td>
            </tr>
          </tbody>
        </table>
      </div>
      {assigning && <AssignDialog target={{ toolId: tool.toolId }} onClose={() => setAssigning(false)} />}
    </main>
  );
}
