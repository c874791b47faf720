import { useState } from 'react';
import { api } from '../../api/client';
import { withFreshSession } from '../../api/fresh_session';
import { Button } from '../../components/Button';
import { countOf } from '../../components/count_of';
import { Dialog } from '../../components/Dialog';
import { Field } from '../../components/Field';
import { useLocalDb } from '../../local_db/local_db_context';
import { readFailure } from '../auth/read_failure';
import type { AdminGroup } from './PeoplePage';
import { type PeopleCsv, type RowProblem, readPeopleCsv } from './read_people_csv';

/** Invites everybody in a CSV file, one after another, and says line by line what did not work. */
export function ImportPeopleDialog({ groups, onClose }: { groups: AdminGroup[]; onClose: () => void }) {
  const db = useLocalDb();
  const [file, setFile] = useState<PeopleCsv | null>(null);
  const [invited, setInvited] = useState<number | null>(null);
  const [refused, setRefused] = useState<RowProblem[]>([]);
  const done = file !== null && invited !== null && invited + refused.length === file.rows.length;

  async function read(chosen: File | undefined) {
    if (!chosen) return;
    const known = (await db.userContacts.toArray()).flatMap(({ email }) => (email ? [email] : []));
    setInvited(null);
    setRefused([]);
    setFile(readPeopleCsv(await chosen.text(), groups, new Set(known)));
  }

  async function inviteAll(rows: PeopleCsv['rows']) {
    let count = 0;
    setInvited(0);
    for (const { line, ...person } of rows) {
      try {
        await withFreshSession(() => api.auth.invite(person));
        count++;
        setInvited(count);
      } catch (caught) {
        setRefused((before) => [...before, { line, problem: readFailure(caught) }]);
      }
    }
  }

  const problems = [...(file?.problems ?? []), ...refused].sort((a, b) => a.line - b.line);
  return (
    <Dialog
      description="A CSV file whose first line names the columns name, email, group and role."
      onClose={onClose}
      open
      title="Invite people from a file"
    >
      <div className="dialog-body sections">
        <Field
          hint="Roles are Pupil, Teacher, Administrator. Nobody is invited before you say so."
          label="File"
        >
          {(control) => (
            <input
              {...control}
              accept=".csv,text/csv"
              className="input"
              onChange={({ target }) => void read(target.files?.[0])}
              type="file"
            />
          )}
        </Field>
        {file && invited === null && (
          <p>
            {countOf(file.rows.length, 'person', 'people')} can be invited
            {file.problems.length > 0 && `, ${countOf(file.problems.length, 'line')} cannot be used`}.
          </p>
        )}
        {file && invited !== null && (
          <p aria-live="polite">
            {done ? 'Done. ' : ''}
            {invited} of {file.rows.length} invited.
          </p>
        )}
        {problems.length > 0 && (
          <ul className="list card">
            {problems.map(({ line, problem }) => (
              <li key={`${line} ${problem}`}>
                <span className="small muted nowrap">Line {line}</span>
                <span className="grow break">{problem}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className="dialog-foot">
        <Button look="quiet" onClick={onClose}>
          {done ? 'Close' : 'Cancel'}
        </Button>
        {!done && (
          <Button
            blockedBecause={
              !file
                ? 'Choose a file first.'
                : file.rows.length === 0
                  ? 'Nobody in this file can be invited.'
                  : invited !== null
                    ? 'The invitations are on their way.'
                    : null
            }
            look="primary"
            onClick={() => file && void inviteAll(file.rows)}
          >
            {file ? `Invite ${countOf(file.rows.length, 'person', 'people')}` : 'Invite'}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
