import type { RosterRun } from '@raptscallions/zod-schemas/roster.zod';
import { useState } from 'react';
import { api } from '../../api/client';
import { ProofDeclined, withFreshSession } from '../../api/fresh_session';
import { readFailure } from '../../api/read_failure';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { formatCount, totalsOf } from './describe_run';

/** Takes back an applied run, after a question. */
export function UndoButton({ run, onAsked }: { run: RosterRun; onAsked: () => void }) {
  const [asking, setAsking] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const { added, changed, ended } = totalsOf(run.counts);

  async function undo() {
    try {
      await withFreshSession(() => api.rosters.decide({ rosterRunId: run.rosterRunId, decision: 'undo' }));
    } catch (error) {
      if (!(error instanceof ProofDeclined)) setRefusal(readFailure(error));
      return;
    }
    setAsking(false);
    onAsked();
  }

  return (
    <>
      <Button icon="undo" onClick={() => setAsking(true)}>
        Take it back
      </Button>
      <Dialog onClose={() => setAsking(false)} open={asking} title="Take this run back?">
        <div className="dialog-body">
          <p>
            {formatCount(added)} added records end, {formatCount(changed)} changed ones become what they were,
            and {formatCount(ended)} ended ones come back. What people wrote stays.
          </p>
          {refusal && <p className="tone-alert">{refusal}</p>}
        </div>
        <footer className="dialog-foot">
          <Button onClick={() => setAsking(false)}>Keep it</Button>
          <Button look="danger" onClick={() => void undo()}>
            Take it back
          </Button>
        </footer>
      </Dialog>
    </>
  );
}
