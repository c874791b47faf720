import type { RosterRun } from '@raptscallions/zod-schemas/roster.zod';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { ProofDeclined, withFreshSession } from '../../api/fresh_session';
import { readFailure } from '../../api/read_failure';
import { Button } from '../../components/Button';
import { TextField } from '../../components/TextField';
import { formatCount, totalsOf } from './describe_run';

type Choice = 'approve' | 'additions_only' | 'discard';

/** Why a run waits, and what should become of it. To end many, their number has to be typed. */
export function DecisionCard({ run, onAsked }: { run: RosterRun; onAsked: () => void }) {
  const held = run.status === 'held';
  const { added, changed, ended } = totalsOf(run.counts);
  const [choice, setChoice] = useState<Choice>(held ? (added > 0 ? 'additions_only' : 'discard') : 'approve');
  const [typed, setTyped] = useState('');
  const [refusal, setRefusal] = useState<string | null>(null);
  const mustType = held && choice === 'approve' && ended > 0;
  const blocked = mustType && typed.trim() !== String(ended) ? `Type ${ended} to confirm.` : null;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (blocked) return;
    try {
      await withFreshSession(() => api.rosters.decide({ rosterRunId: run.rosterRunId, decision: choice }));
    } catch (error) {
      if (!(error instanceof ProofDeclined)) setRefusal(readFailure(error));
    }
    onAsked();
  }

  const options: { value: Choice; title: string; note: string }[] = [
    {
      value: 'approve',
      title: ended > 0 ? 'Apply everything, endings too' : 'Apply everything',
      note: `${formatCount(added)} added, ${formatCount(changed)} changed, ${formatCount(ended)} ended. Can be taken back until the next run.`,
    },
    {
      value: 'additions_only',
      title: 'Apply additions only',
      note: `${formatCount(added)} new records. ${formatCount(changed)} changes and ${formatCount(ended)} endings are left out.`,
    },
    { value: 'discard', title: 'Discard this run', note: 'Nothing changes.' },
  ];
  const words = {
    approve: `Apply ${formatCount(added + changed + ended)} differences`,
    additions_only: `Apply ${formatCount(added)} additions`,
    discard: 'Discard it',
  };
  return (
    <section aria-labelledby="decision" className={held ? 'card brake' : 'card pad decide'}>
      {held ? (
        <div className="why">
          <h2 id="decision">Held: nothing has been applied</h2>
          <ul className="stack">
            {run.heldReasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
          <p className="small">Often an unfinished export. If it is right, apply it; if not, discard it.</p>
        </div>
      ) : (
        <h2 className="sr" id="decision">
          Decision
        </h2>
      )}
      <form className={held ? 'opts' : 'stack'} onSubmit={(event) => void submit(event)}>
        <fieldset className="stack plain">
          <legend className="label">What should happen?</legend>
          {options.map(({ value, title, note }) => (
            <label className="pick" key={value}>
              <input
                checked={choice === value}
                name="decision"
                onChange={() => setChoice(value)}
                type="radio"
                value={value}
              />
              <span>
                <b className="pick-title">{title}</b>
                {note}
              </span>
            </label>
          ))}
        </fieldset>
        {mustType && (
          <TextField
            label="How many records will end?"
            inputMode="numeric"
            onChange={setTyped}
            value={typed}
          />
        )}
        {refusal && <p className="small tone-alert">{refusal}</p>}
        <div className="row wrap">
          <Button
            blockedBecause={blocked}
            look={choice === 'approve' && held ? 'danger' : 'primary'}
            type="submit"
          >
            {words[choice]}
          </Button>
          <span className="small muted">Recorded with your name</span>
        </div>
      </form>
    </section>
  );
}
