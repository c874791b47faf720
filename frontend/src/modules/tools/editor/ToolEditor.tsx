import type { ToolProblem } from '@raptscallions/tool-yaml/tool_problem';
import { type ReactNode, useRef, useState } from 'react';
import { Button } from '../../../components/Button';
import { Chip } from '../../../components/Chip';
import { YamlEditor, type YamlEditorHandle, type YamlEditorProps } from './YamlEditor';

type ToolEditorProps = Omit<YamlEditorProps, 'ref'> & {
  /** what stands at the left of the head above the text; without it there is no head */
  heading?: ReactNode;
};

/** The YAML of a tool with, above it, how many errors it has and the way to the next one. */
export function ToolEditor({ heading, onProblems, ...editor }: ToolEditorProps) {
  const [found, setFound] = useState<readonly ToolProblem[] | null>(null);
  const handle = useRef<YamlEditorHandle>(null);
  const shown = editor.problems ?? found;
  return (
    <div className="ed-pane">
      {heading && (
        <div className="phead">
          {heading}
          <span className="grow" />
          {shown && <Verdict problems={shown} />}
          {shown && shown.length > 0 && (
            <Button look="quiet" small onClick={() => handle.current?.goToNextProblem()}>
              {shown.some(isError) ? 'Next error' : 'Next note'} <kbd className="hide-s">F8</kbd>
            </Button>
          )}
        </div>
      )}
      <YamlEditor
        {...editor}
        ref={handle}
        onProblems={(problems) => {
          setFound(problems);
          onProblems?.(problems);
        }}
      />
    </div>
  );
}

function Verdict({ problems }: { problems: readonly ToolProblem[] }) {
  const errors = problems.filter(isError).length;
  const notes = problems.length - errors;
  return (
    <>
      {errors > 0 ? (
        <Chip tone="alert" icon="x">
          {errors === 1 ? '1 error' : `${errors} errors`}
        </Chip>
      ) : (
        <Chip tone="green" icon="check">
          No errors
        </Chip>
      )}
      {notes > 0 && (
        <Chip tone="warm" icon="warn">
          {notes === 1 ? '1 note' : `${notes} notes`}
        </Chip>
      )}
    </>
  );
}

function isError(problem: ToolProblem): boolean {
  return problem.severity === 'error';
}
