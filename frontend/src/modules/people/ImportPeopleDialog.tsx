import { type PeopleCsv, readPeopleCsv } from '@raptscallions/zod-schemas/people_csv';
import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../components/Button';
import { countOf } from '../../components/count_of';
import { Dialog } from '../../components/Dialog';
import { FileField } from '../../components/FileField';
import { Refusal } from '../../components/Refusal';
import { useLocalDb } from '../../local_db/local_db_context';
import { MakeCards } from './MakeCards';
import type { AdminGroup } from './PeoplePage';
import { readTakenNames } from './people.queries';
import { usePeopleImport } from './use_people_import';

/**
 * Adds everybody in a CSV file, one after another, and says line by line what did not work. Who has no address can be
 * given a first password then, on a card to cut out. While people are added, closing stops that and leaves the rest
 * on the screen, to go on with or to make cards for; cards that are not kept anywhere are not closed over unasked.
 */
export function ImportPeopleDialog({ groups, onClose }: { groups: AdminGroup[]; onClose: () => void }) {
  const db = useLocalDb();
  const [file, setFile] = useState<PeopleCsv | null>(null);
  const [leaving, setLeaving] = useState(false);
  const work = usePeopleImport(file?.rows ?? []);
  const { adding, making, cardless, unsaved } = work;
  const rows = file?.rows.length ?? 0;
  const busy = adding.running || making.running;
  const begun = adding.running || adding.stopped !== null || adding.added + adding.refused.length > 0;
  const done = begun && !adding.running && adding.left === 0;
  useBlocker({
    shouldBlockFn: () => {
      leave();
      return true;
    },
    disabled: !busy && unsaved === 0,
  });

  function leave() {
    if (busy) work.stop();
    else if (unsaved > 0) setLeaving(true);
    else onClose();
  }

  const problems = [...(file?.problems ?? []), ...adding.refused].sort((a, b) => a.line - b.line);
  return (
    <Dialog
      description="A CSV file whose first line names the columns name, group, role, and email or username."
      onClose={leave}
      open
      title="Add people from a file"
    >
      <div className="dialog-body sections">
        {!begun && (
          <FileField
            accept=".csv,text/csv"
            hint="Roles are Pupil, Teacher, Administrator. Nobody is added before you say so."
            label="File"
            mostKb={2_000}
            onRead={setFile}
            read={async (chosen) => readPeopleCsv(await chosen.text(), groups, await readTakenNames(db))}
          />
        )}
        {file && !begun && (
          <p role="status">
            {countOf(rows, 'person', 'people')} can be added
            {file.problems.length > 0 && `, ${countOf(file.problems.length, 'line')} cannot be used`}.
          </p>
        )}
        {begun && (
          <div className="stack">
            <p role={adding.running ? undefined : 'status'}>
              {done ? 'Done. ' : adding.running ? '' : 'Stopped. '}
              {adding.added} of {rows} added.
            </p>
            {!adding.running && adding.left > 0 && <Refusal>{adding.stopped}</Refusal>}
          </div>
        )}
        {!adding.running && cardless.length > 0 && (
          <MakeCards
            cards={work.cards}
            onKept={work.keepCards}
            onMake={work.makeCards}
            onStop={work.stop}
            people={cardless}
            work={making}
          />
        )}
        {problems.length > 0 && (
          <ul aria-label="Lines that cannot be used" className="list card">
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
      {leaving && unsaved > 0 ? (
        <div className="dialog-foot">
          <p role="alert">
            {countOf(unsaved, 'card is', 'cards are')} neither printed nor saved, and the passwords are shown
            nowhere else.
          </p>
          <Button onClick={() => setLeaving(false)}>Keep them here</Button>
          <Button look="danger" onClick={onClose}>
            Close without them
          </Button>
        </div>
      ) : (
        <div className="dialog-foot">
          {adding.running ? (
            <Button icon="stop" onClick={work.stop}>
              Stop
            </Button>
          ) : (
            <Button look="quiet" onClick={leave}>
              {begun ? 'Close' : 'Cancel'}
            </Button>
          )}
          {!adding.running && !done && (
            <Button
              blockedBecause={
                !file
                  ? 'Choose a file first.'
                  : rows === 0
                    ? 'Nobody in this file can be added.'
                    : making.running
                      ? 'The cards are made first.'
                      : null
              }
              look="primary"
              onClick={work.addPeople}
            >
              {begun
                ? `Go on with ${countOf(adding.left, 'person', 'people')}`
                : file
                  ? `Add ${countOf(rows, 'person', 'people')}`
                  : 'Add'}
            </Button>
          )}
        </div>
      )}
    </Dialog>
  );
}
