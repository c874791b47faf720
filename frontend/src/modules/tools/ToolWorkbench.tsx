import type { ToolProblem } from '@raptscallions/tool-yaml/tool_problem';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { lazy, Suspense, useEffect, useState } from 'react';
import { SkeletonBar } from '../../components/Skeleton';
import { toastNote, toastUndo } from '../../components/toast';
import { useEdit } from '../../sync/sync_context';
import { AssignDialog } from '../assignments/AssignDialog';
import { useMe } from '../auth/me_context';
import { ModelNotice } from '../usage/ModelNotice';
import { ToolHead } from './ToolHead';
import { ToolSide } from './ToolSide';
import type { ToolDetail } from './tool.queries';
import { useToolDraft } from './use_tool_draft';
import { compareVersions, nextVersion, withVersion } from './version_number';

const ToolEditor = lazy(async () => ({ default: (await import('./editor/ToolEditor')).ToolEditor }));

/** Where an author writes: YAML on one side, versions and uses on the other. */
export function ToolWorkbench({ detail, mayChange }: { detail: ToolDetail; mayChange: boolean }) {
  const { tool, draft, published, sources, versions } = detail;
  const edit = useEdit();
  const me = useMe();
  const [found, setFound] = useState<readonly ToolProblem[]>([]);
  const problems = found.filter((problem) => problem.severity === 'error');
  const [pane, setPane] = useState<'yaml' | 'side'>('yaml');
  const [assigning, setAssigning] = useState(false);
  const current = draft ?? published ?? versions[0] ?? null;
  const stored = (current && sources.get(current.toolVersionId)?.yaml) ?? '';
  const groupId = tool.groupId ?? me.actor.staffGroupIds[0] ?? null;
  const target =
    draft && mayChange ? { toolId: tool.toolId, toolVersionId: draft.toolVersionId, groupId } : null;
  const { state, change, save, loading } = useToolDraft(target, stored);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
      event.preventDefault();
      void save();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [save]);

  const publishedNumbers = versions.filter((version) => version.status === 'published').map((v) => v.version);
  const next = nextVersion(publishedNumbers);
  const clash =
    draft !== null && publishedNumbers.some((number) => compareVersions(draft.version, number) <= 0);

  /** Begins the next version with `yaml`, or puts it into the draft there is. */
  async function beginDraft(yaml: string) {
    if (!groupId) return;
    if (draft) {
      change(withVersion(yaml, clash ? next : draft.version));
      return;
    }
    await edit('tools.save', {
      toolId: tool.toolId,
      toolVersionId: newId('toolversion'),
      groupId,
      yaml: withVersion(yaml, next),
    });
  }

  async function restore(yaml: string, version: string) {
    const before = state.text;
    const hadDraft = draft !== null;
    await beginDraft(yaml);
    setPane('yaml');
    if (hadDraft) toastUndo(`The draft now has the text of ${version}`, 'history', () => change(before));
    else toastNote(`Draft ${next} begun with the text of ${version}`, 'history');
  }

  async function publish() {
    if (!draft) return;
    await save();
    await edit('tools.publish', { toolId: tool.toolId, toolVersionId: draft.toolVersionId });
    toastNote(`${draft.name} ${draft.version} is published`, 'check', {
      label: 'Assign it',
      onPress: () => setAssigning(true),
    });
  }

  return (
    <main className="edit" id="main">
      <ToolHead
        detail={detail}
        state={state}
        problems={problems}
        mayChange={mayChange}
        next={next}
        clash={clash}
        onBegin={() => void beginDraft(stored)}
        onRaise={() => change(withVersion(state.text, next))}
        onPublish={() => void publish()}
        onAssign={() => setAssigning(true)}
      />
      <div className="tabs only-s" role="tablist" aria-label="Parts of the editor">
        <button type="button" role="tab" aria-selected={pane === 'yaml'} onClick={() => setPane('yaml')}>
          YAML {problems.length > 0 && <span className="count alert">{problems.length}</span>}
        </button>
        <button type="button" role="tab" aria-selected={pane === 'side'} onClick={() => setPane('side')}>
          Versions and use
        </button>
      </div>
      <section className={`pane pane-src ${pane === 'yaml' ? '' : 'put-away'}`} aria-label="YAML">
        <ModelNotice groupId={groupId} yaml={state.text} />
        <div className="pane-body">
          {loading ? (
            <EditorSkeleton />
          ) : (
            <Suspense fallback={<EditorSkeleton />}>
              <ToolEditor
                value={state.text}
                onChange={change}
                onProblems={setFound}
                readOnly={target === null}
                ariaLabel={`YAML of ${tool.name}`}
                heading={
                  <>
                    <b>YAML</b>
                    {current && (
                      <span className="small soft">{draft ? `draft ${draft.version}` : current.version}</span>
                    )}
                  </>
                }
              />
            </Suspense>
          )}
        </div>
      </section>
      <ToolSide
        hidden={pane !== 'side'}
        detail={detail}
        text={state.text}
        mayChange={mayChange}
        onRestore={(yaml, version) => void restore(yaml, version)}
        onAssign={() => setAssigning(true)}
      />
      {assigning && <AssignDialog target={{ toolId: tool.toolId }} onClose={() => setAssigning(false)} />}
    </main>
  );
}

const lines = ['30%', '44%', '22%', '18%', '70%', '64%', '58%', '40%'];

function EditorSkeleton() {
  return (
    <div className="stack editor-skeleton" aria-busy="true">
      <p className="sr">Loading the editor</p>
      {lines.map((width) => (
        <SkeletonBar key={width} width={width} />
      ))}
    </div>
  );
}
