import { type PeopleCsv, type RowProblem, readPeopleCsv } from '@raptscallions/zod-schemas/people_csv';
import { useState } from 'react';
import { api } from '../../api/client';
import { ProofDeclined, withFreshSession } from '../../api/fresh_session';
import { readFailure } from '../../api/read_failure';
import { whenAllowed } from '../../api/when_allowed';
import { Button } from '../../components/Button';
import { countOf } from '../../components/count_of';
import { Dialog } from '../../components/Dialog';
import { Field } from '../../components/Field';
import { useLocalDb } from '../../local_db/local_db_context';
import { MakeCards, type WithoutAddress } from './MakeCards';
import type { AdminGroup } from './PeoplePage';

/**
 * Adds everybody in a CSV file, one after another, and says line by line what did not work. Who has no address can be
 * given a first password then, on a card to cut out.
 */
export function ImportPeopleDialog({ groups, onClose }: { groups: AdminGroup[]; onClose: () => void }) {
  const db = useLocalDb();
  const [file, setFile] = useState<PeopleCsv | null>(null);
  const [invited, setInvited] = useState<number | null>(null);
  const [refused, setRefused] = useState<RowProblem[]>([]);
  const [cardless, setCardless] = useState<WithoutAddress[]>([]);
  const done = file !== null && invited !== null && invited + refused.length === file.rows.length;

  async function read(chosen: File | undefined) {
    if (!chosen) return;
    const contacts = await db.userContacts.toArray();
    const known = contacts.flatMap(({ email, username }) => [email, username?.toLowerCase()]);
    setInvited(null);
    setRefused([]);
    setFile(readPeopleCsv(await chosen.text(), groups, new Set(known.filter((one) => one != null))));
  }

  async function addAll(rows: PeopleCsv['rows']) {
    let count = 0;
    setInvited(0);
    setCardless([]);
    for (const { line, ...person } of rows) {
      try {
        const { userId } = await withFreshSession(() => whenAllowed(() => api.auth.invite(person)));
        const { name, email, username } = person;
        if (email === undefined && username !== undefined) {
          setCardless((before) => [...before, { userId, name, username }]);
        }
        count++;
        setInvited(count);
      } catch (caught) {
        if (caught instanceof ProofDeclined) {
          setInvited(null);
          return;
        }
        setRefused((before) => [...before, { line, column: null, problem: readFailure(caught) }]);
      }
    }
  }

  const problems = [...(file?.problems ?? []), ...refused].sort((a, b) => a.line - b.line);
  return (
    <Dialog
      description="A CSV file whose first line names the columns name, group, role, and email or username."
      onClose={onClose}
      open
      title="Add people from a file"
    >
      <div className="dialog-body sections">
        <Field
          hint="Roles are Pupil, Teacher, Administrator. Nobody is added before you say so."
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
            {countOf(file.rows.length, 'person', 'people')} can be added
            {file.problems.length > 0 && `, ${countOf(file.problems.length, 'line')} cannot be used`}.
          </p>
        )}
        {file && invited !== null && (
          <p aria-live="polite">
            {done ? 'Done. ' : ''}
            {invited} of {file.rows.length} added.
          </p>
        )}
        {done && cardless.length > 0 && <MakeCards people={cardless} />}
        {problems.length > 0 && (
          <ul className="list card">
            {problems.map(({ line, column, problem }) => (
              <li key={`${line} ${problem}`}>
                <span className="small muted nowrap">
                  Line {line}
                  {column && `, ${column}`}
                </span>
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
                  ? 'Nobody in this file can be added.'
                  : invited !== null
                    ? 'They are being added.'
                    : null
            }
            look="primary"
            onClick={() => file && void addAll(file.rows)}
          >
            {file ? `Add ${countOf(file.rows.length, 'person', 'people')}` : 'Add'}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
